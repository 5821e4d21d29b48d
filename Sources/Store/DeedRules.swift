internal import Delivery
internal import SQLite

/// Whether `retry` and `cancel` can do something to a row: the decision without the deed, so that a dry run
/// decides as the real one does.
///
/// It only reads, also a database that may not be written.
///
/// | `retry`: the row | |
/// |---|---|
/// | not ingested | refused: it has not been tried |
/// | on hold, or waits | goes on |
/// | is being sent, or held as uncertain | refused |
/// | failed, suppressed or stale | goes on, unless the API server has cancelled it |
/// | failed as invalid, and can't be sent as it stands now either | refused |
/// | cancelled by an operator | goes on |
/// | sent, read, cancelled by the API server | refused |
///
/// | `cancel`: the row | |
/// |---|---|
/// | has ended, or was cancelled before | refused |
/// | else | goes on |
struct DeedRules {
    let connection: Connection
    let columns: APIColumns

    func refusal(of deed: RowDeed, _ row: RowToHandle) throws -> DeedResult.Refusal? {
        switch deed {
        case .retry(let fault): try refusalOfRetry(row, fault)
        case .cancel: refusalOfCancel(row)
        }
    }

    /// nil if there is no such row in `outbox`.
    func row(_ id: Int64) throws -> RowToHandle? {
        try connection.statement(
            """
            SELECT o.cancelled_at, r.state, r.reason, m.id, m.phase, m.wait,
                m.helpdesk_id, m.conversation_id, m.recipient, m.audience, r.finished_at
            FROM outbox o LEFT JOIN outboxd_rows r ON r.id = o.id
            LEFT JOIN outboxd_mails m ON m.id = r.mail_id WHERE o.id = ?
            """
        ).bind(id).first { line in
            var row = RowToHandle(id: id, cancelledAt: line.optionalTime(0))
            if let state = line.optionalInt(1).flatMap(RowState.init(rawValue:)), state != .pending
            {
                row.ending = (state, line.optionalText(2))
                row.endedAt = line.optionalTime(10)
            }
            if let mail = line.optionalInt(3) {
                row.mail = (
                    mail, Phase(rawValue: line.int(4)) ?? .finished,
                    Wait(rawValue: line.int(5)) ?? .inLine, line.key(at: 6)
                )
            }
            return row
        }
    }

    // MARK: Retry

    private func refusalOfRetry(
        _ row: RowToHandle, _ fault: (OutboxRow) -> (FailReason, String)?
    ) throws -> DeedResult.Refusal? {
        guard row.mail != nil else { return .notIngested }
        if let ending = row.ending {
            guard try mayGoAgain(row, ending.state) else {
                return .ended(ending.state, reason: ending.reason)
            }
            return try row.wasInvalid ? stillInvalid(row.id, fault) : nil
        }
        if row.cancelledAt != nil { return .cancelled }
        if row.isUnderWay { return .underWay }
        return row.isUncertain ? .uncertain : nil
    }

    private func mayGoAgain(_ row: RowToHandle, _ state: RowState) throws -> Bool {
        switch state {
        case .failed: return row.cancelledAt == nil
        case .skipped:
            switch row.ending?.reason.flatMap(SkipReason.init(rawValue:)) {
            case .suppressed, .stale: return row.cancelledAt == nil
            case .cancelled: return try isCancelledByOperator(row)
            case .read, nil: return false
            }
        case .pending, .sending, .sent: return false
        }
    }

    /// The API server's word stands.
    private func isCancelledByOperator(_ row: RowToHandle) throws -> Bool {
        guard let cancelledAt = row.cancelledAt else { return false }
        return try connection.statement(
            "SELECT 1 FROM outboxd_deeds WHERE row_id = ? AND at = ? AND what = ?"
        ).bind(row.id).bind(cancelledAt.milliseconds).bind(Deed.What.cancelled.rawValue)
            .first { _ in true } ?? false
    }

    private func stillInvalid(
        _ id: Int64, _ fault: (OutboxRow) -> (FailReason, String)?
    ) throws -> DeedResult.Refusal? {
        let reader = IncomingRowReader(connection: connection, columns: columns)
        guard let row = try reader.rows(.failed(id), limit: 1).first else { return .unknown }
        return fault(row).map { .invalid($0.1) }
    }

    // MARK: Cancel

    private func refusalOfCancel(_ row: RowToHandle) -> DeedResult.Refusal? {
        if let ending = row.ending { return .ended(ending.state, reason: ending.reason) }
        return row.cancelledAt == nil ? nil : .cancelled
    }
}
