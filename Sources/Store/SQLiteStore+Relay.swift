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
                        + iif(state = 'down' AND ?1 <> 'down', max(0, ?2 - since), 0),
                    since = iif(state = ?1, since, ?2), state = ?1,
                    error_stage = ?3, error_code = ?4, error_enhanced = ?5, error_text = ?6
                """
            ).bind(status.state.rawValue).bind(now.milliseconds).bind(error?.stage.rawValue)
                .bind(error?.code).bind(error?.enhanced?.description).bind(error?.text).run()
        }
    }

    package func relayStatus() throws -> RelayStatus {
        try connection.statement(
            "SELECT state, since, error_stage, error_code, error_enhanced, error_text FROM outboxd_relay"
        ).first { row in
            RelayStatus(
                state: RelayState(rawValue: row.text(0)) ?? .unknown,
                since: row.optionalInt(1).map(WallTime.init(milliseconds:)),
                error: row.error(at: 2))
        } ?? RelayStatus(state: .unknown)
    }

    package func relayDownTotal(at now: WallTime) throws -> Duration {
        let milliseconds = try connection.statement(
            """
            SELECT down_milliseconds + iif(state = 'down', max(0, ? - since), 0) FROM outboxd_relay
            """
        ).bind(now.milliseconds).first { $0.int(0) }
        return .milliseconds(milliseconds ?? 0)
    }
}

extension Statement {
    /// `stage, code, enhanced, text`, from the column on; nil where there is no text.
    ///
    /// A sentence of outboxd's own has no stage; it is shown as `mail`'s.
    func error(at column: Int32) -> DeliveryError? {
        guard let text = optionalText(column + 3) else { return nil }
        return DeliveryError(
            stage: Stage(rawValue: self.text(column)) ?? .mail,
            code: optionalInt(column + 1).map(Int.init),
            enhanced: optionalText(column + 2).flatMap(EnhancedStatusCode.init(stored:)), text: text
        )
    }
}

extension EnhancedStatusCode {
    init?(stored text: String) {
        let parts = text.split(separator: ".").compactMap { Int($0) }
        guard parts.count == 3 else { return nil }
        self.init(parts[0], parts[1], parts[2])
    }
}
