/// What one run is for.
package struct RunMode: Sendable {
    /// Ends by itself when nothing due is left.
    package var isDrain: Bool
    /// The hold is not waited for.
    package var ignoresHold: Bool
    /// At most so many mails.
    package var limit: Int?
    /// A drain stays until the deferred mails are through, and while the relay is down.
    package var waitsForDeferred: Bool
    /// It goes through another relay than usual, this once: what becomes of it says nothing about the
    /// usual one.
    package var isOtherRelay: Bool
    /// Only mails that hold one of these rows, and those whole; nil is all.
    package var rows: [Int64]?
    /// Replies that are older when they are claimed are skipped, whether they were tried before or not.
    package var maxAge: Duration?

    package init(
        isDrain: Bool = false, ignoresHold: Bool = false, limit: Int? = nil,
        waitsForDeferred: Bool = false, isOtherRelay: Bool = false, rows: [Int64]? = nil,
        maxAge: Duration? = nil
    ) {
        self.isDrain = isDrain
        self.ignoresHold = ignoresHold
        self.limit = limit
        self.waitsForDeferred = waitsForDeferred
        self.isOtherRelay = isOtherRelay
        self.rows = rows
        self.maxAge = maxAge
    }

    package static let daemon = RunMode()
}
