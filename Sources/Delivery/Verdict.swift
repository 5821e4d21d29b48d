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
    /// 421: the relay ends this connection. The mail goes back as it was, and is first on a fresh one;
    /// ``FreshRefusals`` says what follows where it gets 421 there too.
    case turnedAway(DeliveryError)
    /// 530, 534, 535 or 538 to MAIL or RCPT: the sender's fault or that of our credentials, which the
    /// next mails tell (``Suspicions``). The mail goes back as it was.
    case unauthorized(DeliveryError)
    /// The relay's own trouble: the mail goes back as it was.
    case relayTrouble(RelayTrouble)
    /// Nobody's attempt: a reused connection was dead, or we stopped. The mail goes back as it was.
    case released(DeliveryError)
}
