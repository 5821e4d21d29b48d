package import Delivery

/// A step through what waits.
package struct ReviewRequest: Sendable {
    package var now: WallTime
    /// The most mails to look at.
    package var limit: Int
    /// Where the last step ended; nil begins anew.
    package var after: ReviewPosition?
    /// Also mails that are due and in line: they will not be claimed soon, since the relay is down.
    package var includesDue: Bool
    /// Also mails of helpdesks that the API server has paused, before a claim has found out: a drain may have
    /// ended by the next pass.
    package var looksForPauses: Bool

    /// No mails: only whether lines need not be parked any more.
    package var onlyParkedLines: Bool

    package init(
        now: WallTime, limit: Int, after: ReviewPosition? = nil, includesDue: Bool = true,
        looksForPauses: Bool = false, onlyParkedLines: Bool = false
    ) {
        self.onlyParkedLines = onlyParkedLines
        self.now = now
        self.limit = limit
        self.after = after
        self.includesDue = includesDue
        self.looksForPauses = looksForPauses
    }
}

/// How far a review has come: first the parked lines, then the mails line by line, then those that wait
/// behind others, then the rows that are put off.
package struct ReviewPosition: Sendable {
    enum Part: Sendable {
        case parkedLines
        case linesOfMails
        case mailsBehind
        case putOff
    }
    var part: Part = .parkedLines
    /// The last line that was begun.
    var line: Int64 = 0
    var turn: TurnClass = .instant
    /// In the line and class, the last mail that was looked at; nil: none yet.
    var mail: (dueAt: Int64, id: Int64)?
    /// The last mail that waits behind another.
    var behind: Int64 = 0
    /// The last row that is put off.
    var putOff: Int64 = 0
    /// Helpdesks of which one mail took long: one look is enough, the others are looked at when they are claimed.
    var passedOver: Set<String> = []

    init() {}
}

package struct ReviewDecision: Sendable {
    package var skipped: [Skip]
    /// Rows that have waited for their sender for too long.
    package var expired: [Int64] = []
    /// Look at the mail then, instead of when it was due.
    package var dueAt: WallTime?
    /// It became instant.
    package var isInstant = false
    /// There is a sender now.
    package var hasSender: Bool
    /// Its address, which may be another one than the line is parked for.
    package var sender: String?

    package init(
        skipped: [Skip] = [], dueAt: WallTime? = nil,
        hasSender: Bool = false, sender: String? = nil
    ) {
        self.skipped = skipped
        self.dueAt = dueAt
        self.hasSender = hasSender
        self.sender = sender
    }

    var isChange: Bool { !skipped.isEmpty || !expired.isEmpty || dueAt != nil }
}

package struct Reviewed: Sendable {
    package var skipped: [Skip]
    package var expired: [Int64] = []
    /// Where to go on; nil at the end.
    package var position: ReviewPosition?
    /// The step ended with a mail that took much of the store's time.
    package var tookLong = false
    /// Mails that may go now, or sooner than thought, and lines that are not parked any more.
    package var released: Int
}
