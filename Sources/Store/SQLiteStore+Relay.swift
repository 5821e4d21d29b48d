package import Delivery
internal import SQLite

/// What all processes know of the relay.
extension SQLiteStore {
    /// A change of state sets `since`; the time for which it was down is added up, since it counts
    /// against no mail.
    package func note(relay status: RelayStatus, at now: WallTime) throws {
        try inTransaction {
            let error = status.error
            try connection.statement(
                """
                UPDATE outboxd_relay SET
                    down_milliseconds = down_milliseconds
                        + iif(state = \(relay: .down) AND ?1 <> \(relay: .down), max(0, ?2 - since), 0),
                    since = iif(state = ?1, since, ?2), state = ?1,
                    error_stage = ?3, error_code = ?4, error_enhanced = ?5, error_text = ?6,
                    tried_at = ?2, next_probe_at = ?7
                """
            ).bind(status.state.rawValue).bind(now.milliseconds).bind(error?.stage.rawValue)
                .bind(error?.code).bind(error?.enhanced?.description).bind(error?.text)
                .bind(status.nextProbeAt?.milliseconds).run()
        }
    }

    package func probeWanted() throws -> WallTime? {
        try connection.statement("SELECT probe_wanted_at FROM outboxd_relay")
            .first { $0.optionalTime(0) } ?? nil
    }

    package func relayDownTotal(at now: WallTime) throws -> Duration {
        let milliseconds = try connection.statement(
            """
            SELECT down_milliseconds + iif(state = \(relay: .down), max(0, ? - since), 0) FROM outboxd_relay
            """
        ).bind(now.milliseconds).first { $0.int(0) }
        return .milliseconds(milliseconds ?? 0)
    }
}
