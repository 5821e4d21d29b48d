internal import Delivery

/// What is counted in `outboxd_totals`.
///
/// | key | |
/// |---|---|
/// | `sent`, `skipped:REASON`, `failed:REASON` | rows that have ended so, whether they are still there or not |
/// | `pruned:` and one of these | how many of them are forgotten by now |
/// | `saved:read` | mails of which every row was read in time |
/// | `saved:combined` | rows that went out in the mail of another |
indirect enum TotalKey: Hashable {
    case sent
    case skipped(SkipReason)
    case failed(FailReason)
    case pruned(TotalKey)
    case savedByRead
    case savedByCombining

    var name: String {
        switch self {
        case .sent: RowState.sent.name
        case .skipped(let reason): "\(RowState.skipped.name):\(reason.rawValue)"
        case .failed(let reason): "\(RowState.failed.name):\(reason.rawValue)"
        case .pruned(let key): Self.prunedPrefix + key.name
        case .savedByRead: "saved:read"
        case .savedByCombining: "saved:combined"
        }
    }

    static let prunedPrefix = "pruned:"

    /// The row's state and reason, as they are stored; nil for one that is open.
    init?(state: RowState, reason: String?) {
        switch state {
        case .pending, .sending: return nil
        case .sent: self = .sent
        case .skipped:
            guard let reason = reason.flatMap(SkipReason.init(rawValue:)) else { return nil }
            self = .skipped(reason)
        case .failed:
            guard let reason = reason.flatMap(FailReason.init(rawValue:)) else { return nil }
            self = .failed(reason)
        }
    }
}
