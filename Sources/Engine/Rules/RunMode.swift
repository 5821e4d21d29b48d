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

    package init(
        isDrain: Bool = false, ignoresHold: Bool = false, limit: Int? = nil,
        waitsForDeferred: Bool = false, isOtherRelay: Bool = false
    ) {
        self.isDrain = isDrain
        self.ignoresHold = ignoresHold
        self.limit = limit
        self.waitsForDeferred = waitsForDeferred
        self.isOtherRelay = isOtherRelay
    }

    package static let daemon = RunMode()
}
