internal import Delivery
internal import Mail
internal import Store

/// What to do with a mail whose time has come.
///
/// Pure: everything it looks at is in the candidate.
struct ClaimRules {
    var settings: EngineSettings
    var ignoresHold: Bool
    var now: WallTime
    /// Makes Message-IDs unguessable and different from those of a restored copy of the database.
    var nonce: UInt64
    /// How long the relay has been down in all; that time ages nothing.
    var relayDown: Duration = .zero
    /// When operators paused what; that time ages nothing, either.
    var pauses = PauseHistory([])
    /// What is older is stale, whether it was tried before or not (`drain --max-age`); a frozen copy is not.
    var maxAgeOfAll: Duration?
    private let senders = SenderMemo()

    func decide(_ candidate: Candidate) -> ClaimDecision {
        candidate.copies > 0 ? decideFrozen(candidate) : decideFresh(candidate)
    }

    private func decideFresh(_ candidate: Candidate) -> ClaimDecision {
        let gathering = Gathering(
            of: candidate.openRows, at: now,
            retryAt: candidate.attempts > 0 ? candidate.dueAt : nil, maxAge: settings.maxAge,
            maxAgeOfAll: maxAgeOfAll, ignoresHold: ignoresHold)
        let skipped = gathering.skips
        if gathering.mail.isEmpty {
            guard let until = gathering.lookAgainAt else {
                return ClaimDecision(.finish, skipped: skipped)
            }
            return ClaimDecision(.wait(until: until), skipped: skipped)
        }
        guard let (sender, name) = sender(of: candidate) else {
            return ClaimDecision(.waitForSender(nil), skipped: skipped)
        }
        let address = sender.mailbox.address
        if candidate.blockedSenders.contains(name), !candidate.isSenderProbe {
            return ClaimDecision(.waitForSender(name), skipped: skipped)
        }
        let messageID = MessageID.make(
            mailID: candidate.mailID, nonce: nonce, domain: address.domain)
        return ClaimDecision(
            .send(rows: gathering.mail, sender: name, emailMessageID: "<\(messageID)>"),
            skipped: skipped)
    }

    /// The copy goes out whole, or not at all.
    private func decideFrozen(_ candidate: Candidate) -> ClaimDecision {
        switch FrozenCopy(of: candidate.openRows, at: now) {
        case .dropped(let skips):
            return ClaimDecision(.finish, skipped: skips)
        case .goes:
            guard let (_, name) = sender(of: candidate) else {
                return ClaimDecision(.waitForSender(nil))
            }
            if candidate.blockedSenders.contains(name), !candidate.isSenderProbe {
                return ClaimDecision(.waitForSender(name))
            }
            return ClaimDecision(
                .send(
                    rows: candidate.rows.map(\.id), sender: name,
                    emailMessageID: candidate.emailMessageID ?? ""))
        }
    }

    /// As the records of senders are kept.
    static func name(_ sender: Sender) -> String {
        AddressText.normalized(sender.mailbox.address.description)
    }

    private func sender(of candidate: Candidate) -> SenderMemo.Found? {
        senders.sender(candidate.key.helpdeskID, candidate.helpdesk, settings)
    }

    static func sender(of helpdesk: Helpdesk?, _ settings: EngineSettings) -> Sender? {
        Sender.resolve(helpdesk, from: settings.from, bounceAddress: settings.bounceAddress)
    }

    /// Whom a helpdesk's mail is from, as the decisions name it; nil if it has no usable sender.
    static func senderName(of helpdesk: Helpdesk?, _ settings: EngineSettings) -> String? {
        sender(of: helpdesk, settings).map(name)
    }
}

extension ClaimRules {
    /// What has changed for a mail that waits: read or cancelled meanwhile, made instant, a sender
    /// that can be used now.
    func review(_ candidate: Candidate) -> ReviewDecision {
        if candidate.copies > 0 {
            guard case .dropped(let skips) = FrozenCopy(of: candidate.openRows, at: now) else {
                let sender = sender(of: candidate)?.name
                var decision = ReviewDecision(hasSender: sender != nil, sender: sender)
                decision.expired = tooOldForSender(candidate, sender)
                return decision
            }
            return ReviewDecision(skipped: skips)
        }
        let isDeferred = candidate.attempts > 0
        let gathering = Gathering(
            of: candidate.openRows, at: now, retryAt: isDeferred ? candidate.dueAt : nil,
            maxAge: settings.maxAge)
        // A mail that a process died with, or whose statement failed, waits for its own reasons.
        let mayMove = candidate.takeovers == 0 && candidate.faults == 0
        let due = gathering.mail.isEmpty ? gathering.lookAgainAt : now
        let isSooner = due.map { $0 < candidate.dueAt } ?? false
        let sender = sender(of: candidate)?.name
        let isOver = { (id: Int64) in
            candidate.rows.contains { $0.id == id && ($0.dueAt <= now || $0.attempts > 0) }
        }
        var decision = ReviewDecision(
            // Rows that would go out with others are decided when these do, or when their own hold
            // is over: until then a cancellation can be taken back.
            skipped: gathering.skips
                .filter { gathering.mail.isEmpty || candidate.dueAt <= now && isOver($0.row) },
            dueAt: mayMove && isSooner ? due : nil, hasSender: sender != nil, sender: sender)
        decision.isInstant = !isDeferred && candidate.rows.contains(where: \.isInstant)
        decision.expired = tooOldForSender(candidate, sender)
        return decision
    }

    /// Rows whose sender the relay has refused for longer than a mail is tried.
    private func tooOldForSender(_ candidate: Candidate, _ sender: String?) -> [Int64] {
        guard let sender, candidate.blockedSenders.contains(sender) else { return [] }
        let pauses = pauses.of(candidate.key.helpdeskID)
        return candidate.rows.filter { row in
            let paused = pauses.total(since: row.firstAttemptAt ?? row.dueAt, to: now)
            let down = Expiry.relayDown(
                since: row.firstAttemptAt, total: relayDown, before: row.relayDownBefore)
            return settings.expiry.isTooOldForSender(
                firstAttemptAt: row.firstAttemptAt, dueAt: row.dueAt, now: now - down - paused)
        }.map(\.id)
    }
}

extension Candidate {
    /// As the rules see the rows.
    var openRows: [OpenRow] {
        rows.map { row in
            OpenRow(
                id: row.id, createdAt: row.createdAt, dueAt: row.dueAt, notBefore: row.notBefore,
                isInstant: row.isInstant,
                isCancelled: row.isCancelled, readMarker: readMarker, isSuppressed: isSuppressed,
                attempts: row.attempts)
        }
    }
}
