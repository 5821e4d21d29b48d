/// A message that reached a ``ScriptedRelay`` up to its final dot.
package struct ReceivedMail: MessageOctets {
    package enum Outcome: Hashable, Sendable {
        /// The dot is there and nothing has been decided yet.
        case pending
        /// The relay has it and answers for it.
        case accepted
        /// Refused with this code.
        case refused(Int)
        /// No reply that means anything was given: garbled, silent, or the connection ended.
        case unanswered
    }

    package var outcome: Outcome = .pending
    /// The accepting reply was handed to the connection.
    ///
    /// It may have been lost on the way.
    package var isReplied = false

    /// The relay's connections, and the MAIL commands of each, count from 1.
    package let connection: Int
    package let message: Int
    /// Without angle brackets; "" is the null sender.
    package let sender: String
    /// The parameters of MAIL, such as `SIZE=1234`.
    package let mailParameters: [String]
    /// Those that were accepted.
    package let recipients: [String]
    /// Who had logged in.
    package let user: String?
    /// When MAIL was read.
    package let mailAt: Moment
    /// When the final dot was read.
    package let dotAt: Moment
    /// The message as transferred, its dots unstuffed, without the final dot.
    package let data: [UInt8]
    /// The Message-ID header, angle brackets included.
    package let messageID: String?

    /// The first recipient.
    package var recipient: String { recipients.first ?? "" }

    /// What of the message broke the rules of its transfer; empty where nothing did.
    package var faults: [String] { MessageLines.faults(of: data, parameters: mailParameters) }
}
