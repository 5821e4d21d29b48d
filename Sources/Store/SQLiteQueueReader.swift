internal import Delivery
internal import SQLite

/// Each method on one snapshot that ends with it.
struct SQLiteQueueReader: QueueReader {
    private let store: SQLiteStore
    private var connection: Connection { store.connection }
    /// Rows with ids below those that are known were inserted.
    private let haveLateInserts: Bool
    /// A conversation may have thousands of rows in one mail.
    private static let mostRows = 100_000

    init(_ connection: Connection) throws {
        store = try SQLiteStore(connection: connection)
        haveLateInserts = try SQLiteReader(connection).haveLateInserts()
    }

    func daemonsHold() throws -> Duration? { try store.daemonsHold() }

    // MARK: Mails

    private static let columns =
        "\(WaitingMail.columns), phase"

    func mails(after key: ConversationKey?, limit: Int, at now: WallTime) throws -> [QueuedMail] {
        try connection.snapshot {
            let found = try heads(after: key, limit: limit)
            guard found.count == limit, let last = found.last.map({ ConversationKey($0.mail.key) })
            else { return try queued(found, at: now) }
            // The last conversation may have more.
            let whole =
                found.filter { ConversationKey($0.mail.key) != last } + (try heads(of: last))
            return try queued(whole, at: now)
        }
    }

    func mails(of key: ConversationKey, at now: WallTime) throws -> [QueuedMail] {
        try connection.snapshot { try queued(heads(of: key), at: now) }
    }

    private typealias Head = (mail: WaitingMail, phase: Phase?)

    private func heads(after key: ConversationKey?, limit: Int) throws -> [Head] {
        try connection.statement(
            """
            SELECT \(Self.columns) FROM outboxd_mails INDEXED BY outboxd_mails_open
            WHERE phase < \(phase: .finished)
                AND (recipient, conversation_id, helpdesk_id) > (?, ?, ?)
            ORDER BY recipient, conversation_id, helpdesk_id, id LIMIT ?
            """
        ).bind(key?.recipient ?? "").bind(key?.conversationID ?? "").bind(key?.helpdeskID ?? "")
            .bind(limit).all { (WaitingMail($0), Phase(rawValue: $0.int(17))) }
    }

    private func heads(of key: ConversationKey) throws -> [Head] {
        try connection.statement(
            """
            SELECT \(Self.columns) FROM outboxd_mails INDEXED BY outboxd_mails_open
            WHERE phase < \(phase: .finished)
                AND recipient = ? AND conversation_id = ? AND helpdesk_id = ? ORDER BY id
            """
        ).bind(key.recipient).bind(key.conversationID).bind(key.helpdeskID)
            .all { (WaitingMail($0), Phase(rawValue: $0.int(17))) }
    }

    private func queued(_ heads: [Head], at now: WallTime) throws -> [QueuedMail] {
        try store.columns.refresh()
        let reader = try CandidateReader(
            store, now: now, withText: false, mostRows: Self.mostRows)
        return try heads.map { head in
            let mail = head.mail
            var queued = QueuedMail(
                id: mail.id, key: mail.key, place: .waiting, turn: mail.turn, dueAt: mail.dueAt,
                wasTried: mail.wasTried, rowIDs: [])
            if head.phase == .sending {
                queued.place = .sending
            } else if mail.wait == Wait.uncertain.rawValue {
                queued.place = .uncertain
            } else {
                try read(&queued, mail, reader)
            }
            if queued.candidate == nil { queued.rowIDs = try store.rows.open(in: mail.id) }
            return queued
        }
    }

    private func read(
        _ queued: inout QueuedMail, _ mail: WaitingMail, _ reader: CandidateReader
    ) throws {
        do {
            try connection.withLimit(StatementLimit.first) {
                let helpdesk = try reader.helpdesk(mail.key.helpdeskID)
                let candidate = try reader.candidate(mail, helpdesk)
                queued.isPaused = helpdesk.isPaused && !mail.key.helpdeskID.isEmpty
                queued.rowIDs = candidate.rows.map(\.id)
                queued.candidate = candidate
            }
        } catch  where Isolation.isOfOne(error) {
            queued.place = .unreadable
        }
    }

    func conversations(ofRows rows: [Int64]) throws -> Set<ConversationKey> {
        let keys = try connection.statement(
            """
            SELECT m.helpdesk_id, m.conversation_id, m.recipient, m.audience
            FROM json_each(?) j JOIN outboxd_rows r ON r.id = j.value
            JOIN outboxd_mails m ON m.id = r.mail_id
            WHERE r.state = \(row: .pending) AND m.phase < \(phase: .finished)
            """
        ).bind(SQLiteStore.list(rows)).all { ConversationKey($0.key(at: 0)) }
        return Set(keys)
    }

    func mail(for key: MailKey, at now: WallTime) throws -> QueuedMail {
        try connection.snapshot {
            let reader = try CandidateReader(store, now: now, withText: false)
            var queued = QueuedMail(
                id: .max, key: key, place: .waiting, turn: .first,
                dueAt: WallTime(milliseconds: .max), wasTried: false, rowIDs: [])
            do {
                let helpdesk = try reader.helpdesk(key.helpdeskID)
                queued.isPaused = helpdesk.isPaused && !key.helpdeskID.isEmpty
                queued.candidate = try reader.candidate(of: key, helpdesk)
            } catch  where Isolation.isOfOne(error) {
                queued.place = .unreadable
            }
            return queued
        }
    }

    // MARK: Rows

    func newRows(after id: Int64?, limit: Int) throws -> [OutboxRow] {
        try connection.snapshot {
            try store.columns.refresh()
            let floor = haveLateInserts ? Int64.min : store.newestIngested
            let reader = IncomingRowReader(connection: connection, columns: store.columns)
            let rows = try reader.rows(.after(max(id ?? floor, floor)), limit: limit)
            return try withCancelled(rows)
        }
    }

    func newRow(_ id: Int64) throws -> OutboxRow? {
        let reader = IncomingRowReader(connection: connection, columns: store.columns)
        return try withCancelled(reader.rows(.failed(id), limit: 1)).first
    }

    private func withCancelled(_ rows: [OutboxRow]) throws -> [OutboxRow] {
        let cancelled = Set(
            try connection.statement(
                """
                SELECT o.id FROM json_each(?) j JOIN outbox o ON o.id = j.value
                WHERE o.cancelled_at IS NOT NULL
                """
            ).bind(SQLiteStore.list(rows.map(\.id))).all { $0.int(0) })
        return rows.map { $0.with(isCancelled: cancelled.contains($0.id)) }
    }

    func putOff(after id: Int64?, limit: Int) throws -> [PutOffRow] {
        // One that was left alone is looked at by whoever begins.
        let notBefore = store.columns.sql("not_before", of: Schema.outbox, "o")
        return try connection.statement(
            """
            SELECT u.id, o.helpdesk_id, iif(u.troubles = 0, coalesce(\(notBefore), 0), u.retry_at),
                u.troubles > 0
            FROM outboxd_unread u JOIN outbox o ON o.id = u.id
            WHERE u.id > ? ORDER BY u.id LIMIT ?
            """
        ).bind(id ?? .min).bind(limit).all {
            PutOffRow(
                id: $0.int(0), helpdeskID: $0.text(1, limit: OutboxLimits.identity),
                until: $0.time(2), isFaulty: $0.bool(3))
        }
    }

    func endedRow(_ id: Int64) throws -> EndedRow? {
        try connection.snapshot {
            try store.columns.refresh()
            let rows = OpenRowReader(
                connection: connection, columns: store.columns, withText: false)
            let rules = DeedRules(connection: connection, columns: store.columns)
            guard let row = try rows.row(id, withText: false), let known = try rules.row(id),
                let mail = known.mail
            else { return nil }
            return EndedRow(row: row, key: mail.key, isInvalid: known.wasInvalid)
        }
    }

    func sameReply(as row: OutboxRow, _ key: MailKey) throws -> RowState? {
        try store.sameReply(as: row, key, key.identity(ofMessage: row.messageID))?.state
    }
}
