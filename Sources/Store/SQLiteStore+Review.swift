internal import Delivery
internal import SQLite

extension SQLiteStore {
    package func review(
        _ request: ReviewRequest, decide: (Candidate) -> ReviewDecision
    ) throws -> Reviewed {
        let paused = try pausedHelpdesks(ignoringOperator: false)
        let reader = try CandidateReader(connection: connection, now: request.now, withText: false)
        var result = Reviewed(skipped: [], position: nil, released: 0)
        var changes: [(mail: WaitingMail, decision: ReviewDecision, wait: Wait?)] = []
        let mails = try waitingMails(request)
        for mail in mails {
            let candidate = try reader.candidate(mail)
            let decision = decide(candidate)
            let wait = releasedWait(mail, decision, paused, reader.blockedSenders)
            if wait != nil || !decision.skipped.isEmpty || decision.dueAt != nil
                || candidate.rows.isEmpty
            {
                changes.append((mail, decision, wait))
            }
        }
        if mails.count == request.limit, let last = mails.last {
            result.position = ReviewPosition(
                wait: last.wait, dueAt: last.dueAt.milliseconds, mailID: last.id)
        }
        guard !changes.isEmpty else { return result }
        try inTransaction {
            for change in changes {
                if try apply(change.decision, change.wait, to: change.mail, at: request.now) {
                    result.released += 1
                }
                result.skipped += change.decision.skipped
            }
        }
        return result
    }

    /// Every waiting mail but those that wait for an operator, in the order of the index.
    private func waitingMails(_ request: ReviewRequest) throws -> [WaitingMail] {
        let after = request.after ?? ReviewPosition(wait: -1, dueAt: .min, mailID: .min)
        return try connection.statement(
            """
            SELECT \(WaitingMail.columns) FROM outboxd_mails
            WHERE phase = 0 AND wait <> 3 AND (wait, due_at, id) > (?, ?, ?)
            ORDER BY wait, due_at, id LIMIT ?
            """
        ).bind(after.wait).bind(after.dueAt).bind(after.mailID).bind(request.limit)
            .all(WaitingMail.init)
    }

    /// What the mail waited for has come: nil where it has not.
    private func releasedWait(
        _ mail: WaitingMail, _ decision: ReviewDecision, _ paused: Set<String>,
        _ blocked: Set<String>
    ) -> Wait? {
        switch Wait(rawValue: mail.wait) {
        case .paused:
            return paused.contains(mail.key.helpdeskID) || paused.contains("") ? nil : .time
        case .sender:
            let isBlocked = mail.sender.map(blocked.contains) ?? false
            // The helpdesk writes from another address now: that one's record decides.
            let hasChanged = decision.sender != nil && decision.sender != mail.sender
            return decision.hasSender && (hasChanged || !isBlocked) ? .time : nil
        default:
            return nil
        }
    }

    /// True where the mail may go, or sooner than before.
    private func apply(
        _ decision: ReviewDecision, _ wait: Wait?, to mail: WaitingMail, at now: WallTime
    ) throws -> Bool {
        let stillWaits = try connection.statement(
            "SELECT 1 FROM outboxd_mails WHERE id = ? AND phase = 0 AND wait = ?"
        ).bind(mail.id).bind(mail.wait).first { _ in true }
        guard stillWaits == true else { return false }
        try skip(decision.skipped, at: now)
        try forgetDeleted(mail.id)
        guard try hasOpenRows(mail.id) else {
            try close(mail.id, key: mail.key)
            return false
        }
        guard wait != nil || decision.dueAt != nil else { return false }
        try connection.statement(
            "UPDATE outboxd_mails SET wait = ?, due_at = coalesce(?, due_at) WHERE id = ?"
        ).bind(wait?.rawValue ?? mail.wait).bind(decision.dueAt?.milliseconds).bind(mail.id).run()
        return true
    }
}
