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

    /// The next batch, and whether there is more behind it.
    func nextArrivals(limit: Int) throws -> (rows: [Arrival], hasMore: Bool) {
        guard ingestQueue.isOpen else { return try arrivalsByID(limit: limit) }
        try fillIngestQueue()
        let rows = try newRows(ingestQueue.next(limit), limit: limit)
        if let newest = ingestQueue.closeIfThrough() {
            try forgetFloor()
            newestIngested = newest
            ingestsFrom = newest
        }
        return (rows, ingestQueue.isOpen)
    }

    private func arrivalsByID(limit: Int) throws -> (rows: [Arrival], hasMore: Bool) {
        let rows = try newRows(.after(newestIngested), limit: limit)
        let hasMore = rows.count == limit
        // Whatever others have ingested is passed over for good, too.
        let newest =
            hasMore
            ? rows.last?.id
            : try connection.statement("SELECT max(id) FROM outbox").first { $0.int(0) }
        newestIngested = max(newestIngested, newest ?? 0)
        if hasMore {
            ingestQueue.open(behind: newestIngested)
            try noteFloor()
            try fillIngestQueue()
        }
        return (rows, hasMore)
    }

    /// In a careful repetition only ids: each row is then read by itself, so that one that can't be
    /// read costs no other.
    func newRows(_ choice: RowChoice, limit: Int) throws -> [Arrival] {
        let reader = IncomingRowReader(connection: connection, columns: columns)
        guard isolation.isCareful else {
            return try reader.rows(choice, limit: limit).map(Arrival.read)
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
    }

    /// Unless another process, which began further down, is not through.
    private func forgetFloor() throws {
        try connection.statement(
            "DELETE FROM outboxd_meta WHERE key = '\(Self.floorKey)' AND CAST(value AS INTEGER) >= ?"
        ).bind(ingestsFrom).run()
    }

    static let floorKey = "ingested_to"

    // MARK: The queue

    package func lookAhead(goesOn: () -> Bool) throws {
        while ingestQueue.isOpen, !ingestQueue.isComplete, !ingestQueue.isFull, goesOn() {
            try fillIngestQueue()
        }
    }

    private func fillIngestQueue() throws {
        guard let end = ingestQueue.end, !ingestQueue.isFull else { return }
        var size = IngestQueue.step
        while true {
            do {
                let found = try connection.statement(
                    "SELECT id, helpdesk_id FROM outbox WHERE id > ? ORDER BY id LIMIT ?"
                ).bind(end).bind(size).all {
                    (id: $0.int(0), helpdesk: $0.text(1, limit: OutboxLimits.identity))
                }
                for row in found { ingestQueue.append(row.id, helpdesk: row.helpdesk) }
                return ingestQueue.appended(all: found.count < size)
            } catch let error as SQLiteError where error.isTooBig && size > 1 {
                size /= 2
            } catch let error as SQLiteError where error.isTooBig {
                return try appendUnnamed(after: end)
            }
        }
    }

    /// The row is ingested as `invalid_row`, whatever its turn: its helpdesk is too long to be read.
    private func appendUnnamed(after end: Int64) throws {
        let id = try connection.statement("SELECT min(id) FROM outbox WHERE id > ?").bind(end)
            .first { $0.int(0) }
        if let id { ingestQueue.append(id, helpdesk: "") }
    }
}
