internal import Delivery
internal import SQLite

/// Which rows a batch of ingest takes: see ``IngestQueue``.
extension SQLiteStore {
    /// A row as ingest sees it, or only its id if it has to be read by itself.
    enum Arrival {
        case read(OutboxRow)
        case unread(Int64)

        var id: Int64 {
            switch self {
            case .read(let row): row.id
            case .unread(let id): id
            }
        }
    }

    package var isInBurst: Bool { ingestQueue.isOpen }

    package func hasNewInstantRow() throws -> Bool {
        guard let newest = ingestQueue.isOpen ? ingestQueue.unseenFrom : newestIngested else {
            return false
        }
        let row = try connection.statement(
            """
            SELECT 1 FROM (SELECT instant FROM outbox WHERE id > ? ORDER BY id LIMIT 64)
            WHERE CAST(instant AS INTEGER) != 0 LIMIT 1
            """
        ).bind(newest)
        do {
            return try row.first { _ in true } ?? false
        } catch let error as SQLiteError where error.isAboutTheStatement {
            return false  // Ingest finds the same, and says of which row.
        }
    }

    /// The next batch, and whether there is more behind it.
    ///
    /// - Parameters:
    ///   - limit: The most; if more rows came, helpdesks take turns.
    ///   - wanted: How many of those are enough for now.
    func nextArrivals(limit: Int, wanted: Int) throws -> (rows: [Arrival], hasMore: Bool) {
        if !ingestQueue.isOpen {
            let rows = try newRows(.after(newestIngested), limit: limit + 1)
            guard rows.count > limit else {
                try passOverAll()
                return (rows, false)
            }
            ingestQueue.open(behind: rows[0].id - 1, newest: try newestID())
            try noteFloor()
        }
        try letOvertake()
        try fillIngestQueue()
        let (choice, count) = ingestQueue.next(wanted, limit: limit)
        let rows = try newRows(choice, limit: count)
        if let newest = ingestQueue.closeIfThrough() {
            try forgetFloor()
            newestIngested = newest
            ingestsFrom = newest
        }
        return (rows, ingestQueue.isOpen)
    }

    /// Also rows that other processes have ingested.
    private func passOverAll() throws {
        newestIngested = max(newestIngested, try newestID())
        // Of a burst that a process which has ended had nearly taken in.
        if mayHaveFloor { try forgetFloor() }
    }

    private func newestID() throws -> Int64 {
        try connection.statement("SELECT max(id) FROM outbox").first { $0.int(0) } ?? 0
    }

    /// In a careful repetition only ids: each row is then read by itself, so that one that can't be
    /// read costs no other.
    func newRows(_ choice: RowChoice, limit: Int) throws -> [Arrival] {
        let reader = IncomingRowReader(connection: connection, columns: columns)
        guard isolation.isCareful else {
            let rows =
                try fresh.hasRoom
                ? reader.rowsWithTexts(choice, limit: limit) : reader.rows(choice, limit: limit)
            return rows.map(Arrival.read)
        }
        return try reader.ids(choice, limit: limit).map(Arrival.unread)
    }

    // MARK: The floor

    // While the queue is open, rows with greater ids are ingested before smaller ones. Should the process end
    // then, the others begin at this id, instead of behind the greatest that is known.

    private func noteFloor() throws {
        try connection.statement(
            """
            INSERT INTO outboxd_meta (key, value) VALUES ('\(Self.floorKey)', ?1)
            ON CONFLICT (key) DO UPDATE SET value = min(CAST(value AS INTEGER), ?1)
            """
        ).bind(newestIngested).run()
        mayHaveFloor = true
    }

    /// Unless another process, which began further down, is not through.
    private func forgetFloor() throws {
        try connection.statement(
            "DELETE FROM outboxd_meta WHERE key = '\(Self.floorKey)' AND CAST(value AS INTEGER) >= ?"
        ).bind(ingestsFrom).run()
        mayHaveFloor = false
    }

    static let floorKey = "ingested_to"

    // MARK: The queue

    @discardableResult
    package func lookAhead(goesOn: () -> Bool) throws -> Bool {
        while ingestQueue.isOpen, !ingestQueue.isComplete {
            if try hasNewInstantRow() { return true }
            guard !ingestQueue.isFull, goesOn() else { break }
            try fillIngestQueue()
        }
        return false
    }

    private func fillIngestQueue() throws {
        guard ingestQueue.isOpen, !ingestQueue.isFull else { return }
        var left = lookAheadStep
        while left > 0, let end = ingestQueue.end {
            let rows = try connection.statement(
                """
                SELECT id, helpdesk_id, conversation_id FROM outbox WHERE id > ? ORDER BY id LIMIT ?
                """
            ).bind(end).bind(left)
            defer { rows.reset() }
            do {
                while try rows.step() {
                    left -= 1
                    ingestQueue.append(
                        rows.int(0), helpdesk: rows.text(1, limit: OutboxLimits.identity),
                        conversation: rows.text(2, limit: OutboxLimits.identity))
                }
                return ingestQueue.appended(all: left > 0)
            } catch {
                guard error.isTooBig else { throw error }
            }
            // The next row can't be read like this.
            if ingestQueue.end == end { try appendUnnamed(after: end) }
            left -= 1
        }
    }

    /// The row is ingested as `invalid_row`, whatever its turn: its helpdesk is too long to be read.
    private func appendUnnamed(after end: Int64) throws {
        let id = try connection.statement("SELECT min(id) FROM outbox WHERE id > ?").bind(end)
            .first { $0.int(0) }
        if let id { ingestQueue.append(id, helpdesk: "", conversation: "") }
    }
}
