package import Delivery

/// What became of a claimed mail, ready to be written down.
///
/// A class, since it goes from hand to hand, and a copy of a value would retain each of its strings.
package final class FinishedMail: Sendable {
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
    package let mail: InFlightMail
    package let outcome: Outcome
    package let error: DeliveryError?
    /// The error is another relay's: it stands in the story, and is nobody's last error.
    package let isOtherRelays: Bool
    /// The reply that accepted it.
    package let reply: SMTPReply?
    package let at: WallTime
    /// From MAIL to the final reply.
    package let duration: Duration?
    /// From the claim to the first command, or to connecting.
    package let queued: Duration?
    /// Connecting, TLS, EHLO, AUTH.
    package let connecting: Duration?
    /// The relay, as `host[ip]:port`.
    package let relay: String?
    /// What it means for its From address.
    package let senderEvent: SenderEvent
    /// What becomes of it instead where the refusal turns out to be its own temporary failure.
    package let ifOwnFailure: Outcome?

    package init(
        mail: InFlightMail, outcome: Outcome, error: DeliveryError? = nil,
        isOtherRelays: Bool = false, reply: SMTPReply? = nil, at: WallTime,
        duration: Duration? = nil, queued: Duration? = nil, connecting: Duration? = nil,
        relay: String? = nil, senderEvent: SenderEvent? = nil, ifOwnFailure: Outcome? = nil
    ) {
        self.mail = mail
        self.outcome = outcome
        self.error = error
        self.isOtherRelays = isOtherRelays
        self.reply = reply
        self.at = at
        self.duration = duration
        self.queued = queued
        self.connecting = connecting
        self.relay = relay
        self.senderEvent = senderEvent ?? .released(mail: mail.mailID)
        self.ifOwnFailure = ifOwnFailure
    }

    private func with(_ outcome: Outcome) -> FinishedMail {
        FinishedMail(
            mail: mail, outcome: outcome, error: error, isOtherRelays: isOtherRelays, reply: reply,
            at: at, duration: duration, queued: queued, connecting: connecting, relay: relay,
            senderEvent: senderEvent, ifOwnFailure: ifOwnFailure)
    }

    /// What another relay says: it tells nothing of how the usual one takes the sender.
    ///
    /// - Parameter refusal: It counts for nothing, but stands in the rows' story.
    package func asOtherRelays(refusal: DeliveryError?) -> FinishedMail {
        FinishedMail(
            mail: mail, outcome: outcome, error: refusal ?? error,
            isOtherRelays: isOtherRelays || refusal != nil, reply: reply, at: at,
            duration: duration, queued: queued, connecting: connecting, relay: relay,
            ifOwnFailure: ifOwnFailure)
    }

    /// After a refusal that left others to look again, or the mail in question, for so long.
    package static let pauseBeforeLookingAgain: Duration = .seconds(1)

    /// The same, with the outcome that the rulings on it leave.
    func ruled(by rulings: [Ruling]) -> FinishedMail {
        var ruled = outcome
        for ruling in rulings {
            switch ruling {
            case .fail: ruled = .failed(.rejected)
            case .ownFailure: ruled = ifOwnFailure ?? outcome
            case .lookAgain:
                ruled = .returned(dueAt: at + Self.pauseBeforeLookingAgain, takenOver: false)
            case .goBack: ruled = .returned(dueAt: nil, takenOver: false)
            case .waitForSender, .waitForRelay, .takeBack, .isOwnFault, .block, .unblock,
                .pauseRelay:
                break
            }
        }
        return with(ruled)
    }
}
