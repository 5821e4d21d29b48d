internal import Delivery

/// How much one transaction of the storing thread does at most: the write lock is not kept from the API server for
/// longer.
///
/// A simulator takes small ones, so that a few rows are already a burst.
struct Batches: Sendable {
    /// Mails claimed at once.
    var claimed = 256
    /// Where the disk takes long for a commit (``CommitPace``).
    var claimedSlowly = 512
    /// Rows ingested at once; more are claimed, since what comes together goes out in one mail.
    var ingested = 500
    /// Where the lock is shared.
    var ingestedShared = 200
    /// Of a burst: helpdesks take turns, so that one that has just come is among them.
    var newcomers = 32
    /// Mails are claimed only while the mails in hand take fewer octets than this.
    var octets = OctetBudget.usual
    /// How often more of a burst is read between two transactions; time ends that, too.
    var looks = Int.max
}
