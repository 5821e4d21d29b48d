package import Delivery

/// What became of a claimed mail, ready to be written down.
package struct FinishedMail: Sendable {
    package enum Outcome: Sendable {
        case sent
        /// Again at `dueAt`; rows that were tried for too long end here.
        case deferred(dueAt: WallTime, expired: [Int64])
        case failed(FailReason)
        /// The dot went out without a clear reply. `dueAt` nil: held for an operator. `frozen` nil:
        /// the copy is lost (another boot) or was kept already.
        case uncertain(dueAt: WallTime?, frozen: FrozenMail?)
        /// As it was, no attempt counted; looked at again at `dueAt`, or when it was due anyway.
        case returned(dueAt: WallTime?, takenOver: Bool)
        /// As it was; a statement about it failed before it was sent, and says so.
        case faulty(String)
    }
    package var mail: InFlightMail
    package var outcome: Outcome
    package var error: DeliveryError?
    /// The error is another relay's: it stands in the story, and is nobody's last error.
    package var isOtherRelays = false
    /// The reply that accepted it.
    package var reply: SMTPReply?
    package var at: WallTime
    /// From MAIL to the final reply.
    package var duration: Duration?
    /// From the claim to the first command, or to connecting.
    package var queued: Duration?
    /// Connecting, TLS, EHLO, AUTH.
    package var connecting: Duration?
    /// The relay, as `host[ip]:port`.
    package var relay: String?
    /// What it means for its From address.
    package var senderEvent: SenderEvent
    /// What becomes of it instead where the refusal turns out to be its own temporary failure.
    package var ifOwnFailure: Outcome?

    package init(
        mail: InFlightMail, outcome: Outcome, error: DeliveryError? = nil, reply: SMTPReply? = nil,
        at: WallTime, duration: Duration? = nil, relay: String? = nil,
        senderEvent: SenderEvent? = nil
    ) {
        self.mail = mail
        self.outcome = outcome
        self.error = error
        self.reply = reply
        self.at = at
        self.duration = duration
        self.relay = relay
        self.senderEvent = senderEvent ?? .released(mail: mail.mailID)
    }

    /// After a refusal that left others to look again, or the mail in question, for so long.
    package static let pauseBeforeLookingAgain: Duration = .seconds(1)

    /// The same, with the outcome that the rulings on it leave.
    func ruled(by rulings: [Ruling]) -> FinishedMail {
        var ruled = self
        for ruling in rulings {
            switch ruling {
            case .fail: ruled.outcome = .failed(.rejected)
            case .ownFailure: ruled.outcome = ifOwnFailure ?? outcome
            case .lookAgain:
                ruled.outcome = .returned(
                    dueAt: at + Self.pauseBeforeLookingAgain, takenOver: false)
            case .goBack: ruled.outcome = .returned(dueAt: nil, takenOver: false)
            case .waitForSender, .waitForRelay, .takeBack, .isOwnFault, .block, .unblock,
                .pauseRelay:
                break
            }
        }
        return ruled
    }
}
