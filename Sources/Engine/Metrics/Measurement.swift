package import Delivery
package import Store

/// What only metrics want to know of the storing thread's work.
package enum Measurement: Sendable {
    /// A round's transaction, from the moment that it had the lock: with the mails written down and claimed in it.
    case commit(Duration, finished: Int, claimed: Int, at: SteadyTime)
    /// Mails of a process that died or froze, and what became of each.
    case takenOver([TakenMail])
    /// Rows that ended long ago are gone.
    case pruned(rows: Int)

    package struct TakenMail: Sendable {
        package var outcome: FinishedMail.Outcome
        package var rows: Int
    }
}
