/// A promise that a run has broken.
struct Violation: Error, CustomStringConvertible {
    enum Promise: String, CaseIterable {
        /// A row is `sent`, and the relay has accepted nothing of it.
        case lost
        /// A row is `skipped` or `failed`, and nothing that was done or said is a cause.
        case causeless
        /// Before its hold, or its `not_before`, was over.
        case early
        /// Though it was read, cancelled, deleted, paused or suppressed for so long that the check saw it.
        case unwanted
        /// Accepted twice and not marked uncertain, or more often than the policy allows.
        case twice
        /// Two mails of one conversation and recipient under way at once.
        case together
        /// A mail was accepted before an earlier one of its conversation and recipient that had been tried, or without a
        /// row that was there before it and belongs to it.
        case overtaken
        /// Another Message-ID, or other bytes after a dot that was announced.
        case changed
        /// To somebody else.
        case misdirected
        /// A final state that changed by itself.
        case unsettled
        /// The totals are not what a look at every row gives.
        case miscounted
        /// Still open when all trouble was long over.
        case stuck
        /// Another process's mail was changed under its lease, or claimed without one.
        case seized
        /// More mails are in hand than may be, or some are still when all is over.
        case kept
        /// A loop turns without end while time stands still.
        case spinning
        /// An innocent helpdesk's instant mail waited for the trouble of others.
        case late
        /// outboxd failed in a way that nobody has a name for.
        case broken
    }

    var promise: Promise
    var text: String

    init(_ promise: Promise, _ text: String) {
        self.promise = promise
        self.text = text
    }

    var description: String { "\(promise.rawValue): \(text)" }
}
