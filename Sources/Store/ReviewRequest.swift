package import Delivery

/// A step through the waiting mails.
package struct ReviewRequest: Sendable {
    package var now: WallTime
    package var limit: Int
    /// Where the last step ended; nil begins anew.
    package var after: ReviewPosition?

    package init(now: WallTime, limit: Int, after: ReviewPosition? = nil) {
        self.now = now
        self.limit = limit
        self.after = after
    }
}

package struct ReviewPosition: Sendable {
    var wait: Int64
    var dueAt: Int64
    var mailID: Int64

    init(wait: Int64, dueAt: Int64, mailID: Int64) {
        self.wait = wait
        self.dueAt = dueAt
        self.mailID = mailID
    }

    /// Behind all mails that wait for nothing but their time, and whose time has come.
    package init(after now: WallTime) {
        self.init(wait: Wait.time.rawValue, dueAt: now.milliseconds, mailID: .max)
    }
}

package struct ReviewDecision: Sendable {
    package var skipped: [(id: Int64, reason: SkipReason)]
    /// Look at the mail then, instead of when it was due.
    package var dueAt: WallTime?
    /// There is a sender now.
    package var hasSender: Bool
    /// Its address, which may be another one than the mail waits for.
    package var sender: String?

    package init(
        skipped: [(id: Int64, reason: SkipReason)] = [], dueAt: WallTime? = nil,
        hasSender: Bool = false, sender: String? = nil
    ) {
        self.skipped = skipped
        self.dueAt = dueAt
        self.hasSender = hasSender
        self.sender = sender
    }
}

package struct Reviewed: Sendable {
    package var skipped: [(id: Int64, reason: SkipReason)]
    /// Where to go on; nil at the end.
    package var position: ReviewPosition?
    /// Mails that may go now, or sooner than thought.
    package var released: Int
}
