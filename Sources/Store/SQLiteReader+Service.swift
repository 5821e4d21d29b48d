internal import Delivery
internal import SQLite

/// What `status` says besides numbers.
extension SQLiteReader {
    package func relay() throws -> RelayStatus {
        try connection.statement(
            """
            SELECT state, since, error_stage, error_code, error_enhanced, error_text, next_probe_at,
                tried_at FROM outboxd_relay
            """
        ).first { row in
            RelayStatus(
                state: RelayState(rawValue: row.text(0)) ?? .unknown,
                since: row.optionalTime(1),
                error: row.error(at: 2), nextProbeAt: row.optionalTime(6),
                triedAt: row.optionalTime(7))
        } ?? RelayStatus(state: .unknown)
    }

    package func blockedSenders() throws -> [OutboxView.BlockedSender] {
        try connection.statement(
            """
            SELECT address, blocked_at, probe_at, error_text FROM outboxd_senders
            WHERE blocked_at IS NOT NULL ORDER BY blocked_at, address
            """
        ).all { row in
            BlockedSender(
                address: row.text(0), since: row.time(1),
                probeAt: row.optionalTime(2),
                error: row.optionalText(3))
        }
    }
}
