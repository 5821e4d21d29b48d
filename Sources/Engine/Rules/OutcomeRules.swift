internal import Delivery
internal import Store

/// What a dialogue's verdict means for the mail and its rows.
struct OutcomeRules {
    var settings: EngineSettings

    /// What is known of the end of a claimed mail, whoever had it.
    struct Ending {
        var verdict: Verdict
        var at: WallTime
        var duration: Duration?
        var queued: Duration?
        var connecting: Duration?
        var relay: String?
        /// The copy that was announced, if it is at hand.
        var frozen: FrozenMail?
        /// When to look at it again where nothing happened to it.
        var dueAt: WallTime?
        /// Its process is gone.
        var isTakeover = false
    }

    /// - Parameter relayDown: how long the relay has been down in all, up to now.
    func finish(
        _ mail: InFlightMail, _ ending: Ending, relayDown: Duration,
        using generator: inout some RandomNumberGenerator
    ) -> FinishedMail {
        func finished(
            _ outcome: FinishedMail.Outcome, _ error: DeliveryError? = nil,
            reply: SMTPReply? = nil, ifOwnFailure: FinishedMail.Outcome? = nil
        ) -> FinishedMail {
            FinishedMail(
                mail: mail, outcome: outcome, error: error, reply: reply, at: ending.at,
                duration: ending.duration, queued: ending.queued, connecting: ending.connecting,
                relay: ending.relay, senderEvent: SenderEvent(ending.verdict, mail: mail.mailID),
                ifOwnFailure: ifOwnFailure)
        }
        switch ending.verdict {
        case .accepted(let reply): return finished(.sent, reply: reply)
        case .deferred(let error):
            return finished(deferred(mail, ending, relayDown, using: &generator), error)
        case .unauthorized(let error):
            return finished(
                .returned(dueAt: ending.dueAt, takenOver: false), error,
                ifOwnFailure: deferred(mail, ending, relayDown, using: &generator))
        case .rejected(let error): return finished(.failed(.rejected), error)
        case .unsupported(let error): return finished(.failed(.unsupported), error)
        case .uncertain(let error):
            return finished(uncertain(mail, ending, using: &generator), error)
        case .relayTrouble(let trouble):
            return finished(.returned(dueAt: ending.dueAt, takenOver: false), trouble.error)
        case .released(let error), .turnedAway(let error):
            let dueAt = ending.isTakeover ? takeoverTime(mail, ending) : ending.dueAt
            return finished(
                .returned(dueAt: dueAt, takenOver: ending.isTakeover),
                ending.isTakeover ? error : nil)
        }
    }

    /// The outcome in a database that was restored: the mail is uncertain, unless the relay has accepted it or refused it
    /// for good.
    ///
    /// The mail was under way when the database was copied. Another process may have taken it over since and sent it, and
    /// the copy knows nothing of that.
    func disowned(
        _ finished: FinishedMail, isTakeover: Bool = false,
        using generator: inout some RandomNumberGenerator
    ) -> FinishedMail {
        switch finished.outcome {
        case .sent, .failed, .uncertain: return finished
        case .deferred, .returned, .faulty: break
        }
        let error = DeliveryError(
            stage: .final,
            text: "it was under way when the database was copied that is restored here")
        let ending = Ending(
            verdict: .uncertain(error), at: finished.at, isTakeover: isTakeover)
        return finish(finished.mail, ending, relayDown: .zero, using: &generator)
    }

    /// Its own temporary failure: again with backoff.
    private func deferred(
        _ mail: InFlightMail, _ ending: Ending, _ relayDown: Duration,
        using generator: inout some RandomNumberGenerator
    ) -> FinishedMail.Outcome {
        let delay = settings.retry.delay(attempt: mail.attempts + 1, using: &generator)
        return .deferred(
            dueAt: ending.at + delay, expired: expired(mail, at: ending.at, relayDown))
    }

    private func expired(_ mail: InFlightMail, at now: WallTime, _ relayDown: Duration) -> [Int64] {
        mail.rows.filter { row in
            settings.expiry.isExpired(
                firstAttemptAt: row.firstAttemptAt ?? now, now: now,
                relayDown: Expiry.relayDown(
                    since: row.firstAttemptAt, total: relayDown, before: row.relayDownBefore))
        }.map(\.id)
    }

    /// Again with backoff, or, where the process died with it, at once: the relay was not at fault.
    ///
    /// At once as well where the relay would know it.
    private func uncertain(
        _ mail: InFlightMail, _ ending: Ending, using generator: inout some RandomNumberGenerator
    ) -> FinishedMail.Outcome {
        let decision = settings.onUncertain.decision(
            copiesAnnounced: mail.copies + 1,
            knownByRelay: settings.idempotencyHeader != nil && !ending.isTakeover)
        switch decision {
        case .resendAtOnce:
            return .uncertain(dueAt: ending.at, frozen: ending.frozen)
        case .holdForOperator:
            return .uncertain(dueAt: nil, frozen: ending.frozen)
        case .resend:
            let delay = settings.retry.delay(attempt: mail.attempts + 1, using: &generator)
            let dueAt = ending.isTakeover ? takeoverTime(mail, ending) : ending.at + delay
            return .uncertain(dueAt: dueAt, frozen: ending.frozen)
        }
    }

    private func takeoverTime(_ mail: InFlightMail, _ ending: Ending) -> WallTime {
        ending.at + TakeoverBackoff.delay(takeovers: mail.takeovers + 1)
    }
}
