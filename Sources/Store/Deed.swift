package import Delivery

/// What an operator did, for the story of the rows it concerns.
package struct Deed: Sendable, Equatable {
    /// Stored as it stands here.
    package enum What: String, Sendable {
        case retried, cancelled
        case resolvedAsSent = "resolved as sent"
        case resolvedToResend = "resolved, to be sent again"
        case paused, resumed
        case suppressed
        case unsuppressed = "suppression removed"
        case heldAsRestored = "held: the database was restored"
        case releasedAsRestored = "released after the database was restored"

        /// Deeds about everything or a helpdesk that hold mail back, or end that.
        static let holds: Set<What> = [.paused, .resumed, .heldAsRestored, .releasedAsRestored]
    }

    package var at: WallTime
    package var what: String
    package var who: String
    package var why: String?
    /// "" is everything; nil for a deed about a row.
    package var helpdeskID: String?

    package init(
        at: WallTime, what: String, who: String, why: String? = nil, helpdeskID: String? = nil
    ) {
        self.at = at
        self.what = what
        self.who = who
        self.why = why
        self.helpdeskID = helpdeskID
    }
}

/// Who does something by hand, and why.
package struct OperatorNote: Sendable, Equatable {
    /// A user's name; one line.
    package var who: String
    /// In the operator's words; one line.
    package var why: String?

    /// `helpdesks.paused`, as far as outboxd has noticed.
    static let api = OperatorNote(who: "the API server")
    /// What outboxd did itself, where a deed of an operator's would hide it.
    package static let outboxd = OperatorNote(who: "outboxd")

    package init(who: String, why: String? = nil) {
        self.who = who
        self.why = why
    }
}

/// What came of a deed for one row.
package enum DeedResult: Sendable, Equatable {
    case done
    /// Cancelled while it is being sent: it does not go out unless its content has gone already.
    case underWay
    case refused(Refusal)

    package enum Refusal: Sendable, Equatable {
        /// There is no such row.
        case unknown
        /// No outboxd has taken the row in: it has not been tried.
        case notIngested
        /// It is being sent just now.
        case underWay
        /// `sent`, `skipped` or `failed` already, with its reason.
        case ended(RowState, reason: String?)
        /// Held: only `resolve` says what became of it.
        case uncertain
        /// The API server has taken the row back.
        case cancelled
        /// It has failed for its own values, and still can't be sent as it stands: why.
        case invalid(String)
    }
}
