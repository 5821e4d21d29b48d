/// What a ``ScriptedRelay`` does at an event.
package indirect enum RelayReaction: Sendable {
    /// What a correct server does.
    case normal
    /// This reply, several lines where the text holds "\n". It takes effect as its code says: 2xx
    /// to MAIL or RCPT moves the transaction on, 354 to DATA starts the message, 2xx to the dot
    /// accepts it; any other code does not.
    case reply(Int, String)
    /// These octets instead of a reply, without any effect.
    case raw([UInt8])
    /// No answer, ever; the connection stays open, and what comes is read and ignored.
    case silence
    /// This text instead of a reply, again and again until the connection ends.
    case flood(String)
    /// This text instead of a reply, again and again after such a pause, until the connection ends.
    case drip(String, every: Duration)
    /// Waits first. Earlier replies go out before the wait.
    case delay(Duration, then: RelayReaction)
    /// Waits first until the test opens the gate.
    case hold(Gate, then: RelayReaction)
    /// Closes the connection (FIN) without a reply.
    case close
    /// Resets the connection (RST) without a reply.
    case reset
    /// This reply with its effect, and the end of the connection.
    case replyThenClose(Int, String)
    /// At the dot: takes the mail, and then does something else than say so. The mail counts as
    /// accepted and its acceptance as not replied.
    case accept(then: RelayReaction)
    /// What a correct server does, and the end of the connection behind it.
    case normalThenClose
    /// What a correct server does, its reply in two pieces with such a pause between them.
    case inTwoPieces(pause: Duration)
    /// What a correct server does, and these words, which are not due yet, in one piece with its reply.
    case followed(by: String)
    /// At DATA: 354, reads that many octets of the message, and does this instead of reading the rest.
    /// What comes after a reply of this is read and ignored.
    case midBody(afterBytes: Int, then: RelayReaction)
    /// Neither reads nor says anything any more; the connection stays open.
    case stall

    /// Waits until the test opens the gate, then does what a correct server does.
    package static func hold(_ gate: Gate) -> RelayReaction { .hold(gate, then: .normal) }

    /// Waits, then does what a correct server does.
    package static func delay(_ time: Duration) -> RelayReaction { .delay(time, then: .normal) }

    /// Garbled text instead of a reply, as it stands.
    package static func raw(_ text: String) -> RelayReaction { .raw(Array(text.utf8)) }

    /// At the dot: takes the mail and closes the connection without saying so.
    package static let acceptThenClose = accept(then: .close)

    /// At DATA: 354, reads that many octets of the message and closes the connection.
    package static func closeMidBody(afterBytes count: Int) -> RelayReaction {
        .midBody(afterBytes: count, then: .close)
    }

    /// 421 and the end of the connection (RFC 5321, section 3.8).
    package static let shutDown = replyThenClose(421, "4.3.2 relay.test going down")
}
