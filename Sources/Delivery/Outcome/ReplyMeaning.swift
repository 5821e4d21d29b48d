/// What a reply means where it came.
///
/// The code alone decides (RFC 5321, section 4.2.1); the enhanced code and the words only explain.
///
/// | stage | reply | meaning |
/// |---|---|---|
/// | before MAIL | any | `outage` |
/// | MAIL and later | 421 | `connectionEnds` (RFC 5321, section 3.8) |
/// | MAIL, RCPT | 530, 534, 535, 538 | `credentials` |
/// | RCPT | 552 | `temporary` (RFC 5321, section 4.5.3.1.10) |
/// | MAIL and later | any other 4xx | `temporary` |
/// | MAIL and later | any other 5xx | `permanent` |
/// | final | 2xx | `accepted` |
/// | MAIL and later | anything else, such as 250 to DATA | `unexpected` |
package enum ReplyMeaning: Hashable, Sendable {
    /// The relay has taken the mail over.
    case accepted
    /// Not this mail, not now.
    case temporary
    /// Not this mail, ever.
    case permanent
    /// The relay can't be used, whatever mail it is.
    case outage
    /// The relay closes this connection: Exim and SES do so after some mails on each.
    case connectionEnds
    /// The relay wants to know who we are, whatever mail it is.
    case credentials
    /// A good reply that does not belong here.
    case unexpected

    package init(code: Int, at stage: Stage) {
        let answersEnvelope = stage == .mail || stage == .rcpt
        self =
            switch code {
            case _ where stage.isBeforeMail: .outage
            case 421: .connectionEnds
            case 530 where answersEnvelope, 534 where answersEnvelope,
                535 where answersEnvelope, 538 where answersEnvelope:
                .credentials
            case 552 where stage == .rcpt: .temporary
            case 200...299 where stage == .final: .accepted
            case 400...499: .temporary
            case 500...599: .permanent
            default: .unexpected
            }
    }
}
