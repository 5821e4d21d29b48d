internal import Delivery
internal import SQLite

/// A row as an operator's word finds it.
struct RowToHandle {
    var id: Int64
    var cancelledAt: WallTime?
    /// nil: not ingested.
    var mail: (id: Int64, phase: Phase, wait: Wait, key: MailKey)?
    var ending: (state: RowState, reason: String?)?
    var endedAt: WallTime?

    var isUncertain: Bool { mail?.phase == .waiting && mail?.wait == .uncertain }
    var isUnderWay: Bool { ending == nil && mail?.phase == .sending }
    /// It was skipped since somebody had cancelled it.
    var wasCancelled: Bool {
        ending?.state == .skipped && ending?.reason == SkipReason.cancelled.rawValue
    }
    /// It has failed for its own values, as they stood when it was taken in.
    var wasInvalid: Bool {
        ending?.state == .failed
            && [FailReason.invalidRow, .invalidAddress].map(\.rawValue).contains(ending?.reason)
    }
}
