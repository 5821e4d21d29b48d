import Delivery
import SQLite

/// What ends a row without a mail has to have been done, or said by the relay.
extension Ledger {
    func checkCause(
        _ known: LedgerRow, _ state: String, _ reason: String?, _ server: Connection
    ) throws {
        guard state != known.state, !known.isInOperatorsHands else { return }
        let isRight: Bool? =
            switch state {
            case "skipped": reason.flatMap(SkipReason.init).map { hasCause(known, $0) }
            case "failed":
                try reason.flatMap(FailReason.init).map { try hasCause(known, $0, server) }
            default: true
            }
        if isRight != true {
            throw Violation(.causeless, "\(known.id) is \(state): \(reason ?? "no reason")")
        }
    }

    private func hasCause(_ row: LedgerRow, _ reason: SkipReason) -> Bool {
        let address = Self.address(row.reply.recipient)
        switch reason {
        case .read:
            let marker = readUpTo[row.reply.conversationName]
            return row.mayBeRead || marker.map { row.createdAt <= $0 } ?? false
        case .cancelled: return row.cancelledAt != nil
        case .suppressed:
            return everSuppressed.contains(address) || isRefused(row)
        case .stale: return options.retention.map { row.createdAt + $0 <= latestWall } ?? false
        }
    }

    private func hasCause(
        _ row: LedgerRow, _ reason: FailReason, _ server: Connection
    ) throws -> Bool {
        switch reason {
        case .rejected: isRefused(row)
        case .expired: try clockSteps > 0 || wasTriedForLong(row, server)
        // The generator makes no such rows.
        case .unsupported, .invalidAddress, .invalidRow: false
        }
    }

    private func isRefused(_ row: LedgerRow) -> Bool {
        let refusals = relay.refusals
        return refusals.contains(World.sender(row.reply.helpdesk))
            || refusals.contains(Self.address(row.reply.recipient))
    }

    /// Half of what is due to it would be far too little.
    private func wasTriedForLong(_ row: LedgerRow, _ server: Connection) throws -> Bool {
        let first = try server.statement(
            "SELECT first_attempt_at FROM outboxd_rows WHERE id = ? AND first_attempt_at IS NOT NULL"
        ).bind(row.id).first { WallTime(milliseconds: $0.int(0)) }
        return latestWall - (first ?? row.createdAt) >= options.expiry / 2
    }
}
