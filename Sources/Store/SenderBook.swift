internal import Delivery
internal import SQLite

/// The records of From addresses that the relay refuses, read and written within one transaction.
struct SenderBook {
    let connection: Connection

    init(connection: Connection) {
        self.connection = connection
    }

    struct Applied {
        var wasBlocked: Bool
        var rulings: [Ruling]
    }

    @discardableResult
    func apply(
        _ event: SenderEvent, to sender: String, at now: WallTime, error: DeliveryError? = nil
    ) throws -> Applied {
        var record = try read(sender)
        let before = record
        let rulings = record.apply(event, of: sender, at: now)
        if record != before { try write(record, of: sender, error: error) }
        return Applied(wasBlocked: before.isBlocked, rulings: rulings)
    }

    /// A mail has come into the line of a blocked sender; see ``SenderRecord/hasten(for:at:)``.
    func hasten(line: Int64, for dueAt: WallTime, at now: WallTime) throws {
        let sender = try connection.statement(
            "SELECT sender FROM outboxd_lines WHERE id = ? AND parked = \(park: .sender)"
        ).bind(line).first { $0.optionalText(0) }
        guard let sender = sender ?? nil else { return }
        var record = try read(sender)
        let before = record
        record.hasten(for: dueAt, at: now)
        if record != before { try write(record, of: sender, error: nil) }
    }

    func hasBlocked() throws -> Bool {
        try connection.statement(
            "SELECT 1 FROM outboxd_senders WHERE blocked_at IS NOT NULL LIMIT 1"
        )
        .first { _ in true } ?? false
    }

    func block(_ sender: String, at now: WallTime, error: DeliveryError?) throws {
        try write(.blocked(at: now), of: sender, error: error)
    }

    func read(_ sender: String) throws -> SenderRecord {
        let record = try connection.statement(
            "SELECT blocked_at, failures, probe_at, probe FROM outboxd_senders WHERE address = ?"
        ).bind(sender).first {
            SenderRecord(
                blockedAt: $0.optionalTime(0),
                failures: Int($0.int(1)),
                probeAt: $0.optionalTime(2),
                probe: $0.optionalInt(3))
        }
        return record ?? SenderRecord()
    }

    private func write(_ record: SenderRecord, of sender: String, error: DeliveryError?) throws {
        guard record.isBlocked else {
            try connection.statement("DELETE FROM outboxd_senders WHERE address = ?").bind(sender)
                .run()
            return
        }
        try connection.statement(
            """
            INSERT INTO outboxd_senders (address, blocked_at, failures, probe_at, probe, error_text)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (address) DO UPDATE SET blocked_at = excluded.blocked_at,
                failures = excluded.failures, probe_at = excluded.probe_at, probe = excluded.probe,
                error_text = coalesce(excluded.error_text, error_text)
            """
        ).bind(sender).bind(record.blockedAt?.milliseconds).bind(record.failures)
            .bind(record.probeAt?.milliseconds).bind(record.probe).bind(error?.text).run()
    }
}
