/// Something that a client did and that a ``ScriptedRelay`` is about to answer.
package struct RelayEvent: Sendable {
    package enum Verb: Hashable, Sendable, CaseIterable {
        /// A connection was made; the answer is the greeting.
        case connect
        case ehlo, helo, starttls
        /// The whole exchange of AUTH, once the client has said all that belongs to it.
        case auth
        case mail, rcpt, data
        /// The final dot: the whole message has been read.
        case dot
        case rset, noop, quit
        /// Any other word, and lines that are none.
        case other
    }

    package var verb: Verb
    /// The command as it came, without CRLF; empty at `connect` and `dot`.
    package var line: String
    /// Counts the relay's connections, from 1.
    package var connection: Int
    /// Counts the MAIL commands of this connection, this one included; 0 before the first.
    package var message: Int
    /// The address in MAIL: of this command, or of the transaction under way.
    ///
    /// "" is the null sender.
    package var sender: String?
    /// The address of this RCPT, or after it the last one of the transaction.
    package var recipient: String?
    /// At the dot: the Message-ID header, angle brackets included.
    package var messageID: String?
}
