/// The states of a row.
///
/// The raw values are stored; the names are those of Operating.md.
package enum RowState: Int64, Sendable, CaseIterable {
    case pending = 0, sending, sent, skipped, failed

    /// Those that a row stays in, as a rule.
    package static let ended: [RowState] = [.sent, .skipped, .failed]

    package var name: String {
        switch self {
        case .pending: "pending"
        case .sending: "sending"
        case .sent: "sent"
        case .skipped: "skipped"
        case .failed: "failed"
        }
    }
}

/// Why a row was not mailed although nothing went wrong.
package enum SkipReason: String, Sendable, CaseIterable {
    case read, cancelled, suppressed, stale
}

/// Why a row failed.
package enum FailReason: String, Sendable, CaseIterable {
    case rejected, expired, unsupported
    case invalidAddress = "invalid_address"
    case invalidRow = "invalid_row"
}

/// Why a pending row waits.
package enum WaitReason: String, Sendable, CaseIterable {
    case hold, queued, deferred, paused, relay, sender, uncertain, restored
}
