package import Delivery

/// Reads what a claim would look at, for a dry run.
///
/// All that is open is read a slice at a time, so that no snapshot is held for long. Nothing is changed, and no
/// lock is taken.
///
/// One owner, one thread.
package protocol QueueReader {
    /// The open mails of whole conversations with one recipient, one conversation after the other.
    ///
    /// - Parameter after: Where the last slice ended; nil begins.
    func mails(after key: ConversationKey?, limit: Int, at now: WallTime) throws -> [QueuedMail]

    /// Those of one conversation.
    func mails(of key: ConversationKey, at now: WallTime) throws -> [QueuedMail]

    /// The conversations of rows that are in open mails, each once.
    func conversations(ofRows rows: [Int64]) throws -> Set<ConversationKey>

    /// The daemon's hold; nil if none has run.
    func daemonsHold() throws -> Duration?

    /// Rows that nobody has ingested, without their texts, by their ids.
    func newRows(after id: Int64?, limit: Int) throws -> [OutboxRow]

    /// One that was put off, or has ended, as if it were new; nil if it is gone.
    func newRow(_ id: Int64) throws -> OutboxRow?

    /// Rows that are put off, or could not be read.
    func putOff(after id: Int64?, limit: Int) throws -> [PutOffRow]

    /// A mail for new rows of which none is open; it has no rows yet.
    func mail(for key: MailKey, at now: WallTime) throws -> QueuedMail

    /// One that has ended; nil if it is gone.
    func endedRow(_ id: Int64) throws -> EndedRow?

    /// What became of the same reply to another spelling of the address; nil if there is none.
    func sameReply(as row: OutboxRow, _ key: MailKey) throws -> RowState?
}

/// A conversation with one recipient: its mails don't overtake each other.
package struct ConversationKey: Hashable, Sendable {
    package var helpdeskID: String
    package var conversationID: String
    /// Trimmed and lower-cased.
    package var recipient: String

    package init(_ key: MailKey) {
        helpdeskID = key.helpdeskID
        conversationID = key.conversationID
        recipient = key.recipient
    }
}

/// An open mail as a dry run sees it.
package struct QueuedMail: Sendable {
    package enum Place: Sendable, Equatable {
        case sending
        case uncertain
        /// In line, or behind another mail of its conversation.
        case waiting
        /// A statement about it, or about its helpdesk, fails.
        case unreadable
    }
    package var id: Int64
    package var key: MailKey
    package var place: Place
    package var turn: TurnClass
    package var dueAt: WallTime
    /// Another mail of its conversation goes behind it.
    package var wasTried: Bool
    /// Its open rows.
    package var rowIDs: [Int64]
    /// nil unless it waits.
    package var candidate: Candidate?
    /// `helpdesks.paused`.
    package var isPaused = false

    package init(
        id: Int64, key: MailKey, place: Place, turn: TurnClass, dueAt: WallTime, wasTried: Bool,
        rowIDs: [Int64], candidate: Candidate? = nil, isPaused: Bool = false
    ) {
        self.id = id
        self.key = key
        self.place = place
        self.turn = turn
        self.dueAt = dueAt
        self.wasTried = wasTried
        self.rowIDs = rowIDs
        self.candidate = candidate
        self.isPaused = isPaused
    }
}

/// A row that was sent or skipped, or has failed.
package struct EndedRow: Sendable {
    /// Without its texts.
    package var row: OutboxRow
    /// Of the mail that it belonged to.
    package var key: MailKey
    /// It has failed for its own values: `retry` takes it in anew.
    package var isInvalid: Bool

    package init(row: OutboxRow, key: MailKey, isInvalid: Bool) {
        self.row = row
        self.key = key
        self.isInvalid = isInvalid
    }
}

/// A row that is not ingested before a time of its own.
package struct PutOffRow: Sendable {
    package var id: Int64
    package var helpdeskID: String
    package var until: WallTime
    /// A statement has failed for it.
    package var isFaulty: Bool

    package init(id: Int64, helpdeskID: String, until: WallTime, isFaulty: Bool) {
        self.id = id
        self.helpdeskID = helpdeskID
        self.until = until
        self.isFaulty = isFaulty
    }
}

extension OutboxRow {
    /// A row that is not in an open mail, as a candidate would show it.
    package convenience init(
        id: Int64, of key: MailKey, isInstant: Bool, notBefore: WallTime?, isCancelled: Bool,
        createdAt: WallTime, dueAt: WallTime, attempts: Int = 0
    ) {
        self.init(
            id: id, helpdeskID: key.helpdeskID, conversationID: key.conversationID, messageID: "",
            audience: key.audience, recipientEmail: key.recipient, hasTexts: false,
            isInstant: isInstant, notBefore: notBefore, isCancelled: isCancelled,
            createdAt: createdAt, dueAt: dueAt, attempts: attempts)
    }
}
