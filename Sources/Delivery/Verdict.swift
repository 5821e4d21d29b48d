/// What a dialogue's end means for the mail, the relay and the sender.
package enum Verdict: Hashable, Sendable {
    /// 2xx after the final dot.
    case accepted(SMTPReply)
    /// This mail, for now: try again with backoff. Uses up an attempt.
    case deferred(DeliveryError)
    /// This mail, for good.
    case rejected(DeliveryError)
    /// The relay can't take this mail at all.
    case unsupported(DeliveryError)
    /// The dot went out and no clear reply came back.
    case uncertain(DeliveryError)
    /// The relay's own trouble: the mail goes back as it was.
    case relayTrouble(RelayTrouble)
    /// Nobody's attempt: a reused connection was dead, or we stopped. The mail goes back as it was.
    case released(DeliveryError)
}
