internal import Delivery
internal import Store

/// What became of mails, as the round writes it down.
extension StoringLoop {
    /// A class, since a copy of a value would retain each of its strings.
    final class Finished {
        let result: SendResult
        let mail: FinishedMail

        init(result: SendResult, mail: FinishedMail) {
            self.result = result
            self.mail = mail
        }
    }

    func finishedMails() throws -> [Finished] {
        guard !hand.hasNoResults else { return [] }
        let down = try store.relayDownTotal(at: clock.wallNow())
        let rules = OutcomeRules(settings: settings)
        return try hand.results.map { result in
            if case .storeFault(let error) = result.end, error.isAboutTheStatement {
                let mail = FinishedMail(
                    mail: result.mail.mail, outcome: .faulty(error.note), at: result.at)
                return Finished(result: result, mail: mail)
            }
            let mail = try rules.finish(
                result.mail.mail, makeEnding(of: result),
                relayDown: down + pausedTime(of: result.mail.mail, at: result.at),
                using: &generator)
            return Finished(
                result: result,
                mail: mode.isOtherRelay ? mail.asOtherRelays(refusal: result.refusal) : mail)
        }
    }

    /// Within the transaction that writes it down.
    func disownIfRestored(_ finished: [Finished]) throws -> [Finished] {
        guard !finished.isEmpty, try store.isHeldAsRestored() else { return finished }
        let rules = OutcomeRules(settings: settings)
        return finished.map {
            Finished(result: $0.result, mail: rules.disowned($0.mail, using: &generator))
        }
    }

    /// How long operators had paused an old mail since it was first tried: that time ages nothing, either.
    private func pausedTime(of mail: InFlightMail, at now: WallTime) throws -> Duration {
        guard let first = mail.rows.compactMap(\.firstAttemptAt).min(),
            settings.expiry.isExpired(firstAttemptAt: first, now: now)
        else { return .zero }
        return try store.pauseHistory(of: mail.key.helpdeskID).total(since: first, to: now)
    }

    private static let notBegun = Verdict.released(
        DeliveryError(stage: .mail, text: "not begun"))

    private func makeEnding(of result: SendResult) -> OutcomeRules.Ending {
        var ending = OutcomeRules.Ending(verdict: Self.notBegun, at: result.at)
        switch result.end {
        case .unused: break
        // The next claim decides whether the mail is held, skipped, or composed of the rows that are left. A lost mail
        // goes back as well, if our token still stands: the process that revoked our record may have died before its
        // commit, and then only we can send the mail.
        case .changed, .paused, .suppressed, .storeFault, .lost:
            ending.dueAt = result.at + rebounds.countRebound(of: result.mail.mail.mailID)
        case .accused:
            ending.dueAt = rebounds.countAccused(result.mail.mail.mailID).map { result.at + $0 }
        case .verdict(let verdict):
            rebounds.attempted(result.mail.mail.mailID)
            ending.verdict = verdict
            ending.duration = result.delays.transmitting
            ending.queued = result.delays.queued
            ending.connecting = result.delays.connecting
            ending.relay = result.relay
            if case .uncertain = verdict, !result.mail.isKept {
                ending.frozen = result.mail.content
            }
        }
        return ending
    }
}

extension SendResult {
    /// What the relay said of a mail that goes back as it was.
    fileprivate var refusal: DeliveryError? {
        guard case .verdict(.released(let error)) = end, relay != nil else { return nil }
        return error
    }
}
