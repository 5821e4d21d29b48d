package import Delivery

/// A mail whose time has come, with all that is needed to decide about it.
///
/// Read within the claiming transaction, so that it is true when the decision is written down.
package struct Candidate: Sendable {
    package var mailID: Int64
    package var key: MailKey
    /// When the mail was due; of a deferred one, when its next attempt is.
    package var dueAt: WallTime
    /// Attempts that counted.
    package var attempts: Int
    /// Final dots that were announced without a clear reply.
    ///
    /// Not 0: the mail is frozen.
    package var copies: Int
    package var takeovers: Int
    package var emailMessageID: String?
    /// The open rows, oldest first; at most ``maxRows``.
    package var rows: [OutboxRow]
    /// Ids that another row of `outbox` has by now: not the one that was ingested.
    package var replaced: [Int64] = []
    /// The API server may have deleted some of the rows that were ingested.
    package var mayLackRows = false
    /// There are more open rows than were read.
    package var hasMoreRows: Bool
    /// How far this recipient has read this conversation.
    package var readMarker: WallTime?
    package var isSuppressed: Bool
    package var helpdesk: Helpdesk?
    /// From addresses that wait because the relay refuses them.
    package var blockedSenders: Set<String>
    /// This mail is to find out whether its sender is accepted again.
    package var isSenderProbe: Bool
    /// SQL statements about it that failed in a row.
    package var faults = 0

    package static let maxRows = 400
}
