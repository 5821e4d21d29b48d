internal import Delivery
internal import Service
internal import Store

/// Takes over the mails of processes that died or froze, by what their slot files tell.
struct Recovery {
    var settings: EngineSettings
    var bootID: String
    var instance: Int64

    struct TakenOver {
        var mails: Int
        var isDead: Bool
    }

    /// - Returns: what was taken over, from whom.
    func run(_ store: any OutboxStore, clock: SystemClock) throws -> [TakenOver] {
        var result: [TakenOver] = []
        for other in try store.others(than: instance) {
            switch ForeignSlots.open(other.slotFile, besideDatabase: settings.database) {
            case .alive(let slots):
                guard other.leaseUntil < clock.steadyNow() else { continue }
                let mails = try takeOver(other, slots, store, clock, forget: false)
                guard !mails.isEmpty else { continue }
                try markWhatSlippedThrough(mails, slots, store)
                result.append(TakenOver(mails: mails.count, isDead: false))
            case .dead(let slots):
                let mails = try takeOver(other, slots, store, clock, forget: true)
                slots.remove()
                result.append(TakenOver(mails: mails.count, isDead: true))
            case .gone:
                let mails = try takeOver(other, nil, store, clock, forget: true)
                result.append(TakenOver(mails: mails.count, isDead: true))
            case .unreadable:
                continue
            }
        }
        return result
    }

    /// A process whose lease ran out may only have been slow: a mail that it looked at before our commit,
    /// and announced after we had read its notes, goes out twice, and is marked as one that may.
    private func markWhatSlippedThrough(
        _ mails: [InFlightMail], _ slots: ForeignSlots, _ store: any OutboxStore
    ) throws {
        let facts = slots.facts(revoking: Set(mails.map(\.token))) ?? [:]
        let slipped = mails.filter { mail in
            switch facts[mail.token] {
            case .announced: true
            case .replied(let reply, _): reply.isPositive
            case .notAnnounced, nil: false
            }
        }
        try store.markUncertain(slipped.map(\.mailID))
    }

    /// Slot files that belong to nobody: of a process that died before it was registered.
    func removeOrphans(_ store: any OutboxStore) throws {
        let known = Set(try store.others(than: -1).map(\.slotFile))
        for name in SlotFiles.all(for: settings.database) where !known.contains(name) {
            if case .dead(let slots) = ForeignSlots.open(name, besideDatabase: settings.database) {
                slots.remove()
            }
        }
    }

    private func takeOver(
        _ other: Instance, _ slots: ForeignSlots?, _ store: any OutboxStore, _ clock: SystemClock,
        forget: Bool
    ) throws -> [InFlightMail] {
        let rules = OutcomeRules(settings: settings)
        var generator = SystemRandomNumberGenerator()
        return try store.inTransaction {
            // It may have claimed, and renewed its lease, since we looked: a process that has just begun
            // has had none until then.
            if !forget, try store.lease(of: other.id) >= clock.steadyNow() { return [] }
            let mails = try store.inFlight(of: other.id)
            let now = clock.wallNow()
            let down = try store.relayDownTotal(at: now)
            let endings = endings(of: mails, slots, at: now)
            let finished = zip(mails, endings).map {
                rules.finish($0, $1, relayDown: down, using: &generator)
            }
            _ = try store.finish(finished)
            if forget { try store.forget(instance: other.id) }
            return mails
        }
    }

    /// After another boot nothing that the file says of the window is certain: its pages may or may
    /// not have reached the disk.
    private func endings(
        of mails: [InFlightMail], _ slots: ForeignSlots?, at now: WallTime
    ) -> [OutcomeRules.Ending] {
        let isSameBoot = slots?.bootID == bootID
        let facts = isSameBoot ? slots?.facts(revoking: Set(mails.map(\.token))) : nil
        let copies = isSameBoot ? [:] : slots?.copies() ?? [:]
        return mails.map { mail in
            guard let facts else {
                return uncertain(
                    copies[mail.token], "outboxd was cut off while it had this mail", now)
            }
            switch facts[mail.token] {
            case .notAnnounced, nil:
                let error = DeliveryError(
                    stage: .mail, text: "taken over from a process that died; it was not sent")
                return OutcomeRules.Ending(verdict: .released(error), at: now, isRescue: true)
            case .announced(let copy):
                return uncertain(copy, "outboxd died between the final dot and the reply", now)
            case .replied(let reply, let at):
                let end = DialogueEnd(stage: .final, cause: .reply(reply), dotAnnounced: true)
                return OutcomeRules.Ending(verdict: Verdict(of: end), at: at, isRescue: true)
            }
        }
    }

    private func uncertain(
        _ copy: FrozenMail?, _ text: String, _ now: WallTime
    ) -> OutcomeRules.Ending {
        let error = DeliveryError(stage: .final, text: text)
        return OutcomeRules.Ending(
            verdict: .uncertain(error), at: now, frozen: copy, isRescue: true)
    }
}
