/// What a process writes into its in-flight journal at each turn of its sending thread.
///
/// The lease alone would take a living process for frozen: it lives in the database, and can't be
/// renewed while another program holds the write lock.
///
/// All times are `CLOCK_BOOTTIME` of one boot.
package struct LifeSign: Hashable, Sendable {
    /// The last turn; nil if there was none, as in the files of the first edition.
    package var beatAt: SteadyTime?
    /// The process's own `OUTBOXD_LEASE`.
    package var lease: Duration

    package init(beatAt: SteadyTime?, lease: Duration) {
        self.beatAt = beatAt
        self.lease = lease
    }

    /// The file may be damaged: no beat vouches for longer, whatever lease stands there.
    private static let longestLease: Duration = .seconds(3_600)

    /// Whether the sending thread can be counted on to move.
    ///
    /// | last turn | moves |
    /// |---|---|
    /// | none | no |
    /// | later than now: another boot's, or damaged | no |
    /// | no longer ago than its lease, nor than an hour | yes |
    /// | longer ago | no |
    package func isMoving(at now: SteadyTime) -> Bool {
        guard let beatAt, beatAt <= now else { return false }
        return now - beatAt <= min(lease, Self.longestLease)
    }

    /// Whether a process that holds the lock on its file has lost its mails.
    ///
    /// | lease in the database | sending thread | frozen |
    /// |---|---|---|
    /// | stands | whatever | no |
    /// | ran out | moves | no: it only can't renew it |
    /// | ran out | stands still | yes |
    package static func isFrozen(
        leaseLeft: Duration, sign: LifeSign?, at now: SteadyTime
    ) -> Bool {
        leaseLeft < .zero && !(sign?.isMoving(at: now) ?? false)
    }
}
