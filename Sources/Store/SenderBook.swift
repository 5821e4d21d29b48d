internal import Delivery
internal import SQLite

/// The records of From addresses, read and written within one transaction.
///
/// Nearly every sender has none, which is found out once for each batch.
struct SenderBook {
    let connection: Connection
    private var spotless: Set<String> = []

    init(connection: Connection) {
        self.connection = connection
    }

    mutating func apply(
        _ event: SenderEvent, to sender: String, at now: WallTime, error: DeliveryError? = nil
    ) throws -> [SenderEffect] {
        if spotless.contains(sender), !event.isRefusal { return [] }
        var record = try read(sender)
        let before = record
        let effects = record.apply(event, at: now)
        if record != before { try write(record, of: sender, error: error) }
        if record == SenderRecord() { spotless.insert(sender) } else { spotless.remove(sender) }
        return effects
    }

    func read(_ sender: String) throws -> SenderRecord {
        let strikes = try connection.statement(
            "SELECT mail_id FROM outboxd_strikes WHERE address = ? ORDER BY number"
        ).bind(sender).all { $0.int(0) }
        let record = try connection.statement(
            "SELECT blocked_at, failures, probe_at, probe FROM outboxd_senders WHERE address = ?"
        ).bind(sender).first {
            SenderRecord(
                strikes: strikes,
                blockedAt: $0.optionalTime(0),
                failures: Int($0.int(1)),
                probeAt: $0.optionalTime(2),
                probe: $0.optionalInt(3))
        }
        return record ?? SenderRecord(strikes: strikes)
    }

    private func write(_ record: SenderRecord, of sender: String, error: DeliveryError?) throws {
        try connection.statement("DELETE FROM outboxd_strikes WHERE address = ?").bind(sender).run()
        for (number, mailID) in record.strikes.enumerated() {
            try connection.statement(
                "INSERT INTO outboxd_strikes (address, number, mail_id) VALUES (?, ?, ?)"
            ).bind(sender).bind(number).bind(mailID).run()
        }
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

extension SenderEvent {
    fileprivate var isRefusal: Bool {
        if case .refused = self { true } else { false }
    }
}
