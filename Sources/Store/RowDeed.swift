package import Delivery

/// What an operator does to rows, one by one.
package enum RowDeed {
    /// - Parameter fault: Why a row can't be sent as it stands in `outbox` now; nil if it can.
    case retry(fault: (OutboxRow) -> (FailReason, String)?)
    case cancel
}
