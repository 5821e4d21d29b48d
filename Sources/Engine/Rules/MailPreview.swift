package import Delivery
internal import Mail
package import Store

/// The mail that would go out for a row, made by the rules of the claim and the composer.
package struct MailPreview: Sendable {
    /// Why nothing would go out.
    package enum Refusal: Sendable, Equatable {
        /// A sentence about the row.
        case invalid(String)
        /// Every row of the mail is skipped; each for its own reason.
        case skipped([Skip])
        /// The helpdesk's own address can't be used, or there is neither a helpdesk nor `OUTBOXD_FROM`.
        case noSender(hasHelpdesk: Bool)
        /// The recipient's address is none.
        case noRecipient
    }

    package var draft: MailDraft
    package var result: Result<FrozenMail, Refusal>
    /// When it would go out, if nothing else is in the way.
    package var goesAt: WallTime
    /// The From address that the relay refuses at present; it waits for that, too.
    package var blockedSender: String?

    /// - Returns: nil if there is no such row.
    package static func of(
        row id: Int64, in reader: any OutboxReader, _ settings: EngineSettings, at now: WallTime
    ) throws -> MailPreview? {
        var goesAt = now
        var blocked: String?
        let ingest = RowRules.ingest(settings, at: now)
        let draft = try reader.draft(of: id, at: now, rules: ingest) { candidate in
            let (decision, at) = decide(candidate, settings, now)
            goesAt = at
            if case .send(_, let sender, _) = decision.step,
                candidate.blockedSenders.contains(sender)
            {
                blocked = sender
            }
            return decision
        }
        guard let draft else { return nil }
        return MailPreview(
            draft: draft, result: compose(draft, settings, goesAt: goesAt), goesAt: goesAt,
            blockedSender: blocked)
    }

    /// The decision of the moment at which the mail goes, with nothing read or changed until then.
    private static func decide(
        _ candidate: Candidate, _ settings: EngineSettings, _ now: WallTime
    ) -> (ClaimDecision, WallTime) {
        var candidate = candidate
        // A sender that the relay refuses would have to be accepted first.
        candidate.isSenderProbe = true
        var at = max(now, candidate.dueAt)
        while true {
            let rules = ClaimRules(
                settings: settings, ignoresHold: false, now: at,
                nonce: .random(in: 0 ... .max))
            let decision = rules.decide(candidate)
            // A mail is due when the first of its rows was; if that one is read, the next decides.
            guard case .wait(let until) = decision.step, until > at else { return (decision, at) }
            at = until
        }
    }

    private static func compose(
        _ draft: MailDraft, _ settings: EngineSettings, goesAt: WallTime
    ) -> Result<FrozenMail, Refusal> {
        if case .invalid(let text) = draft.kind { return .failure(.invalid(text)) }
        guard let claim = draft.claim else {
            guard case .waitForSender = draft.decision?.step else {
                return .failure(.skipped(draft.decision?.skipped ?? []))
            }
            return .failure(.noSender(hasHelpdesk: draft.hasHelpdesk))
        }
        var composer = Composer(settings: settings, zones: ZoneBook())
        if let mail = composer.compose(claim, at: draft.kind == .finished ? nil : goesAt) {
            return .success(mail)
        }
        let sender = Sender.resolve(
            claim.helpdesk, from: settings.from, bounceAddress: settings.bounceAddress)
        return .failure(
            sender == nil ? .noSender(hasHelpdesk: claim.helpdesk != nil) : .noRecipient)
    }
}

extension MailPreview.Refusal: Error {}
