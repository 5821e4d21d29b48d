internal import Delivery
internal import Service
internal import Store

/// What the storing thread does about suspicions, beside what the store does in its transaction.
extension StoringLoop {
    /// The relay is taken for down because it refuses mail, and one is due that has no part in that.
    ///
    /// When it falls due, a look at every wake-up finds it, and one each poll interval at the least.
    func isInnocentDue(_ demand: HandOff.Demand) -> Bool {
        guard demand.isDown, demand.accusation != nil || demand.newcomers != nil else {
            return false
        }
        if picks != nil { return mayHaveInnocentPick }
        do {
            let now = clock.wallNow()
            let due = try demand.accusation.flatMap(store.nextInnocentDue(of:))
            if let due, due <= now { return true }
            return try demand.newcomers.map { try store.hasDue($0, at: now) } ?? false
        } catch {
            return false  // The round that this belongs to finds the same, and says so.
        }
    }

    /// Tells what the transaction found, the sending thread first.
    func tellBlame(_ written: FinishedBatch) {
        if let pause = written.relayPause { handOff.pauseRelay(pause) }
        if written.looksAgain {
            progress.looksAgain(at: clock.steadyNow())
        }
        if written.reopenedForRelay > 0 {
            observer(.reopenedForRelay(rows: written.reopenedForRelay))
        }
    }

    // MARK: Another relay

    /// What another relay than the usual one refuses is told, and kept until the drain ends.
    func setAsideRefusals(_ fresh: [SendResult]) -> [SendResult] {
        guard mode.isOtherRelay else { return fresh }
        return fresh.filter { result in
            guard let error = progress.setAside.take(result) else { return true }
            if let slot = result.slot { journal.free(slot) }
            observer(.attempted([EngineEvent.Attempt(refused: result, error)]))
            return false
        }
    }
}

extension EngineEvent.Attempt {
    /// A mail that goes back, since this relay's opinion does not count.
    fileprivate convenience init(refused result: SendResult, _ error: DeliveryError) {
        let mail = result.mail.mail
        self.init(
            mailID: mail.mailID, rows: mail.rows.map(\.id),
            helpdeskID: mail.key.helpdeskID, recipient: mail.key.recipient,
            outcome: .returned(dueAt: nil, takenOver: false), error: error, relay: result.relay,
            delays: result.delays, emailMessageID: result.mail.emailMessageID,
            traces: result.mail.traces)
    }
}
