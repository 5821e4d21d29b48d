package import Delivery

extension OutboxView {
    /// The database was restored from an older state, and everything is held.
    package struct Restoration: Sendable, Equatable {
        /// When an outboxd noticed it; nil: none that may write has looked so far.
        package var since: WallTime?
        package var sign: RestoreSign
        /// When the last mail was sent of which the database knows; nil: it knows of none.
        package var lastSentAt: WallTime?

        package init(since: WallTime?, sign: RestoreSign, lastSentAt: WallTime?) {
            self.since = since
            self.sign = sign
            self.lastSentAt = lastSentAt
        }
    }
}
