import Delivery
import Store

extension IngestRules {
    /// A hold of a minute; `not-an-address` is none.
    static var usual: IngestRules {
        IngestRules(
            normalize: AddressText.normalized,
            dueAt: { created, isInstant in isInstant ? created : created + .seconds(60) },
            fault: {
                $0.recipientEmail == "not-an-address"
                    ? (FailReason.invalidAddress, "recipient_email: no @") : nil
            })
    }
}

/// Decides as the product does, by ``Gathering`` and ``FrozenCopy``, without its settings.
struct Decider {
    var now: WallTime
    var ignoresHold = false
    static let sender = "support@acme.test"

    func decide(_ candidate: Candidate) -> ClaimDecision {
        candidate.copies > 0 ? decideFrozen(candidate) : decideFresh(candidate)
    }

    private func decideFresh(_ candidate: Candidate) -> ClaimDecision {
        let gathering = Gathering(
            of: candidate.openRows, at: now,
            retryAt: candidate.attempts > 0 ? candidate.dueAt : nil, ignoresHold: ignoresHold)
        let skipped = gathering.skips.map { (id: $0.row, reason: $0.reason) }
        if gathering.mail.isEmpty {
            guard let until = gathering.lookAgainAt else {
                return ClaimDecision(.finish, skipped: skipped)
            }
            return ClaimDecision(.wait(until: until), skipped: skipped)
        }
        let sender = candidate.helpdesk?.fromAddress ?? Self.sender
        if sender.isEmpty { return ClaimDecision(.waitForSender(nil), skipped: skipped) }
        if candidate.blockedSenders.contains(sender), !candidate.isSenderProbe {
            return ClaimDecision(.waitForSender(sender), skipped: skipped)
        }
        return ClaimDecision(
            .send(
                rows: gathering.mail, sender: sender,
                emailMessageID: "<\(candidate.mailID)@acme.test>"),
            skipped: skipped)
    }

    private func decideFrozen(_ candidate: Candidate) -> ClaimDecision {
        switch FrozenCopy(of: candidate.openRows, at: now) {
        case .dropped(let skips):
            ClaimDecision(.finish, skipped: skips.map { (id: $0.row, reason: $0.reason) })
        case .goes:
            ClaimDecision(
                .send(
                    rows: candidate.rows.map(\.id), sender: Self.sender,
                    emailMessageID: candidate.emailMessageID ?? ""))
        }
    }

    func review(_ candidate: Candidate) -> ReviewDecision {
        let gathering = Gathering(
            of: candidate.openRows, at: now,
            retryAt: candidate.attempts > 0 ? candidate.dueAt : nil)
        let due = gathering.mail.isEmpty ? gathering.lookAgainAt : now
        return ReviewDecision(
            skipped: gathering.mail.isEmpty
                ? gathering.skips.map { (id: $0.row, reason: $0.reason) } : [],
            dueAt: due.flatMap { $0 < candidate.dueAt ? $0 : nil },
            hasSender: candidate.helpdesk?.fromAddress.isEmpty != true)
    }
}

extension Candidate {
    var openRows: [OpenRow] {
        rows.map { row in
            OpenRow(
                id: row.id, createdAt: row.createdAt, dueAt: row.dueAt, isInstant: row.isInstant,
                isCancelled: row.isCancelled, readMarker: readMarker, isSuppressed: isSuppressed,
                attempts: row.attempts)
        }
    }
}

extension DeliveryError {
    static let noSuchMailbox = DeliveryError(
        stage: .rcpt, code: 550, enhanced: EnhancedStatusCode(5, 1, 1), text: "no such user")
    static let spam = DeliveryError(
        stage: .final, code: 554, enhanced: EnhancedStatusCode(5, 7, 1), text: "looks like spam")
    static let later = DeliveryError(
        stage: .rcpt, code: 450, enhanced: EnhancedStatusCode(4, 2, 0), text: "greylisted")
    static let silence = DeliveryError(stage: .final, text: "no reply within 600 s")
}

extension FrozenMail {
    static func sample(_ text: String = "Subject: hi\r\n\r\nhi\r\n") -> FrozenMail {
        FrozenMail(
            envelopeSender: "bounce@acme.test", envelopeRecipient: "ann@example.test",
            needsSMTPUTF8: false, message: Array(text.utf8))
    }
}
