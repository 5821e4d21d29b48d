internal import Crash
internal import Delivery
internal import Service
internal import Store

/// After the transaction of a round: what it settled is told, and what it used is free again.
extension StoringLoop {
    /// The transaction is through: slots are free again.
    func committed(_ finished: [Finished], _ written: FinishedBatch) {
        let now = clock.steadyNow()
        for report in relay.committed(at: now) { observer(.relay(report)) }
        let failed = hand.committed(unrecorded: written.unrecorded, at: now) { [journal] in
            guard let slot = $0.slot else { return }
            journal.free(slot)
            CrashPoint.slotFreed.pass()
        }
        handOff.slotsWereFreed()
        notePicks(finished, written)
        for one in failed where faultNews.countAndTell(one.text, at: now) {
            let rows = one.mail.rows.map(\.id)
            observer(.unrecorded(mailID: one.mail.mailID, rows: rows, text: one.text))
        }
    }

    /// The world may know what was written.
    func tell(_ finished: [Finished], _ written: FinishedBatch) {
        var attempts: [EngineEvent.Attempt] = []
        attempts.reserveCapacity(finished.count)
        for one in finished where written.unrecorded[one.mail.mail.token] == nil {
            if let attempt = attempt(one, written) { attempts.append(attempt) }
        }
        progress.attempted(attempts)
        if !attempts.isEmpty { observer(.attempted(attempts)) }
        for fault in written.faults { tell(fault) }
        if !written.usedAgain.isEmpty { observer(.idsUsedAgain(rows: written.usedAgain)) }
        if !written.reopenedMails.isEmpty { observer(.reopenedMails(written.reopenedMails)) }
        for (sender, rows) in written.reopenedRows.sorted(by: { $0.key < $1.key }) where rows > 0 {
            observer(.reopened(rows: rows, sender: sender))
        }
        tellBlame(written)
        for sender in written.blockedSenders { observer(.senderBlocked(sender)) }
        for sender in written.unblockedSenders { observer(.senderUnblocked(sender)) }
    }

    func noteUnrecorded() throws {
        guard !hand.toNote.isEmpty else { return }
        try store.noteUnrecorded(hand.toNote, at: clock.wallNow())
        hand.noted()
    }

    /// Each fault is told once, however often it is met again.
    func tell(_ fault: StatementFault) {
        guard fault.isNew, faultNews.countAndTell(fault.text, at: clock.steadyNow()) else { return }
        observer(.statementFault(fault))
    }

    /// What was only counted is told when its minute is over.
    func tellMoreFaults(at now: SteadyTime) {
        for more in faultNews.takeUntold(at: now) {
            observer(.moreFaults(count: more.count, text: more.text))
        }
    }

    /// What there is to tell of a mail; nil if nothing was attempted.
    private func attempt(
        _ finished: Finished, _ written: FinishedBatch
    ) -> EngineEvent.Attempt? {
        if finished.result.isTold { return nil }
        let token = finished.mail.mail.token
        let isLost = written.lost.contains(token)
        guard case .verdict(let verdict) = finished.result.end else {
            guard isLost else { return nil }
            switch finished.result.end {
            // `unused`: its lease was over before it had looked at the mail again.
            case .lost, .unused: tellLost(finished.result, wasSent: false)
            default: break
            }
            return nil
        }
        if isLost {
            if case .accepted = verdict {
                tellLost(finished.result, wasSent: true)
            } else {
                tellLost(finished.result, wasSent: false)
            }
            return nil
        }
        let outcome = written.ruledOutcomes[token] ?? finished.mail.outcome
        if case .returned = outcome, finished.mail.error == nil { return nil }
        return EngineEvent.Attempt(
            mailID: finished.mail.mail.mailID, rows: finished.mail.mail.rows.map(\.id),
            helpdeskID: finished.mail.mail.key.helpdeskID,
            recipient: finished.mail.mail.key.recipient, outcome: outcome,
            error: finished.mail.error, reply: finished.mail.reply,
            relay: finished.mail.relay, delays: finished.result.delays,
            emailMessageID: finished.result.mail.emailMessageID, traces: finished.result.mail.traces
        )
    }

    private func tellLost(_ result: SendResult, wasSent: Bool) {
        observer(
            .leaseLost(
                mailID: result.mail.mail.mailID, rows: result.mail.mail.rows.map(\.id),
                wasSent: wasSent))
    }

    func tell(_ skips: [Skip]) {
        if !skips.isEmpty { observer(.skipped(skips)) }
    }

    func tell(_ ingested: Ingested) {
        if ingested.rows > 0 { observer(.ingested(rows: ingested.rows)) }
        for fault in ingested.faults { tell(fault) }
        tell(ingested.skipped)
        for row in ingested.faulty {
            observer(.failedRow(id: row.id, reason: row.reason, text: row.text))
        }
    }
}
