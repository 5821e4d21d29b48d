package import Delivery

/// What the commands see of an outbox: rows, their stories, numbers.
///
/// States and reasons are those of the view `outbox_status`.
package enum OutboxView {
    /// One row of `outbox` with what became of it: what `list --json` prints, and a little more.
    package struct Row: Sendable, Equatable {
        package var id: Int64
        package var helpdeskID: String
        package var conversationID: String
        package var messageID: String
        package var audience: String
        package var recipientEmail: String
        package var state: RowState
        /// One of ``WaitReason``, ``SkipReason`` or ``FailReason``, by the state.
        package var reason: String?
        package var isUncertain: Bool
        package var attempts: Int
        package var createdAt: WallTime
        package var dueAt: WallTime
        package var sentAt: WallTime?
        package var finishedAt: WallTime?
        package var emailMessageID: String?
        package var lastError: Failure?
        /// nil if the row was not ingested yet.
        package var mailID: Int64?
    }

    /// `last_error`.
    ///
    /// Nothing but the text where the row never reached the relay.
    package struct Failure: Sendable, Equatable {
        package var stage: String?
        package var code: Int?
        package var enhanced: String?
        package var text: String

        package init(
            stage: String? = nil, code: Int? = nil, enhanced: String? = nil, text: String
        ) {
            self.stage = stage
            self.code = code
            self.enhanced = enhanced
            self.text = text
        }

        /// `rcpt: 550 5.1.1 no such user`; a sentence of outboxd's own has no stage.
        package var line: String {
            Self.line(stage: stage, code: code, enhanced: enhanced, text: text)
        }

        package static func line(stage: String?, code: Int?, enhanced: String?, text: String?)
            -> String
        {
            // The reply's text begins with its enhanced code already.
            let own = enhanced.flatMap { text?.hasPrefix($0) == true ? nil : $0 }
            let words = [code.map { String($0) }, own, text].compactMap(\.self)
            let reply = words.joined(separator: " ")
            return stage.map { "\($0): \(reply)" } ?? reply
        }
    }

    // MARK: The story of one row

    /// All that is known of one row, but not the message's text.
    package struct Story: Sendable, Equatable {
        package var row: Row
        package var recipientName: String?
        package var authorName: String?
        package var subject: String?
        package var pageURL: String?
        /// As much of it as of ``attachments`` as mails read.
        package var unsubscribeURL: String?
        package var attachments: String?
        package var inReplyTo: String?
        package var locale: String?
        package var notBefore: WallTime?
        package var traceparent: String?
        /// Of `body_text`, in characters.
        package var bodyLength: Int
        package var isInstant: Bool
        package var cancelledAt: WallTime?
        package var firstAttemptAt: WallTime?
        /// What stands in `helpdesks`; nil also if that can't be read.
        package var helpdesk: Helpdesk?
        /// How far the recipient has read the conversation by now.
        package var readMarker: WallTime?
        /// What operators did about it, and about its helpdesk since it was written.
        package var deeds: [Deed] = []
        /// Why its address gets no mail at present.
        package var suppressions: [Suppression] = []
        /// nil if the row was not ingested yet.
        package var mail: Mail?
        /// Every attempt that the row was part of, the first one first.
        package var attempts: [Attempt]
    }

    /// The mail that a row is in.
    package struct Mail: Sendable, Equatable {
        package var id: Int64
        /// The From address of the last attempt.
        package var sender: String?
        package var composedAt: WallTime?
        /// Final dots that were announced without a clear reply.
        package var copies: Int
        /// The other rows in it.
        package var otherRows: [Row]
    }

    package struct Attempt: Sendable, Equatable {
        package var mailID: Int64
        package var number: Int
        package var at: WallTime
        /// `sent`, `deferred`, `uncertain`, `returned`, `taken over`, or the reason of a failure.
        package var outcome: String
        /// It counts for the backoff.
        package var isCounted: Bool
        package var rowIDs: [Int64]
        /// Such as `host[ip]:port`.
        package var relay: String?
        /// From MAIL to the final reply.
        package var duration: Duration?
        /// From the claim to the first command, or to connecting.
        package var queued: Duration?
        /// Connecting, TLS, EHLO, AUTH; nil on a connection that was open.
        package var connecting: Duration?
        package var stage: String?
        package var code: Int?
        package var enhanced: String?
        package var text: String?
    }
}
