internal import Crash
internal import Delivery
internal import Service
internal import Store

/// Takes over mails of one process.
struct Takeover {
    var settings: EngineSettings
    var bootID: String
    var other: Instance
    /// nil if its in-flight journal is gone, and with it what it knew.
    var journal: ForeignJournal?
    /// Its lock was free; otherwise it lives, and may wake up.
    var isDead: Bool
    var random: EngineRandom

    struct Result {
        var taken: [Measurement.TakenMail] = []
        /// Mails that a failing statement kept, with its words.
        var failed: [(mail: InFlightMail, error: String)] = []
        var faults: [StatementFault] = []
    }

    func isFrozen(leaseLeft: Duration, at now: SteadyTime) -> Bool {
        let sign = journal?.bootID == bootID ? journal?.lifeSign : nil
        return LifeSign.isFrozen(leaseLeft: leaseLeft, sign: sign, at: now)
    }

    /// One transaction.
    ///
    /// A mail whose outcome can't be written down stays as it is, and keeps no other. A process that wakes up in the
    /// middle begins no mail before it has renewed its lease, which it can't do until we have committed.
    ///
    /// - Returns: nothing if the process turns out to move.
    func run(
        _ mails: [InFlightMail], _ store: any OutboxStore, _ clock: EngineClock
    ) throws -> Result {
        guard !mails.isEmpty else { return Result() }
        let (finished, batch) = try store.inTransaction {
            // It may have claimed, and renewed its lease, since we looked: a process that has just begun
            // has had none until then.
            let now = clock.steadyNow()
            if !isDead, try !isFrozen(leaseLeft: store.leaseLeft(of: other.id, at: now), at: now) {
                return ([FinishedMail](), FinishedBatch())
            }
            let finished = try outcomes(
                of: mails, store, isRestored: store.isHeldAsRestored(), at: clock.wallNow())
            CrashPoint.revoked.pass()
            return (finished, try store.finish(finished))
        }
        CrashPoint.takenOver.pass(if: !finished.isEmpty)
        let taken = finished.filter {
            !batch.lost.contains($0.mail.token) && batch.unrecorded[$0.mail.token] == nil
        }
        return Result(
            taken: taken.map {
                Measurement.TakenMail(
                    outcome: batch.ruledOutcomes[$0.mail.token] ?? $0.outcome,
                    rows: $0.mail.rows.count)
            },
            failed: finished.compactMap { one in
                batch.unrecorded[one.mail.token].map { (one.mail, $0) }
            },
            faults: batch.faults)
    }

    private func outcomes(
        of mails: [InFlightMail], _ store: any OutboxStore, isRestored: Bool, at now: WallTime
    ) throws -> [FinishedMail] {
        let rules = OutcomeRules(settings: settings)
        var generator = random
        let down = try store.relayDownTotal(at: now)
        return zip(mails, endings(of: mails, at: now)).map { mail, ending in
            let finished = rules.finish(mail, ending, relayDown: down, using: &generator)
            guard isRestored else { return finished }
            return rules.disowned(finished, isTakeover: true, using: &generator)
        }
    }

    // MARK: What the notes tell

    /// After another boot nothing that the file says of the window is certain: its pages may or may
    /// not have reached the disk.
    private func endings(of mails: [InFlightMail], at now: WallTime) -> [OutcomeRules.Ending] {
        let isSameBoot = journal?.bootID == bootID
        let facts = isSameBoot ? journal?.facts(revoking: Set(mails.map(\.token))) : nil
        let copies = isSameBoot ? [:] : journal?.copies() ?? [:]
        return mails.map { mail in
            guard let facts else {
                return uncertain(
                    copies[mail.token], "outboxd was cut off while it had this mail", now)
            }
            switch facts[mail.token] {
            case .notAnnounced, nil:
                let error = DeliveryError(
                    stage: .mail, text: "taken over from a process that died; it was not sent")
                return OutcomeRules.Ending(verdict: .released(error), at: now, isTakeover: true)
            case .announced(let copy):
                return uncertain(copy, "outboxd died between the final dot and the reply", now)
            case .replied(let reply, let at):
                let end = DialogueEnd(stage: .final, cause: .reply(reply), dotAnnounced: true)
                return OutcomeRules.Ending(verdict: Verdict(of: end), at: at, isTakeover: true)
            }
        }
    }

    private func uncertain(
        _ copy: FrozenMail?, _ text: String, _ now: WallTime
    ) -> OutcomeRules.Ending {
        let error = DeliveryError(stage: .final, text: text)
        return OutcomeRules.Ending(
            verdict: .uncertain(error), at: now, frozen: copy, isTakeover: true)
    }
}
