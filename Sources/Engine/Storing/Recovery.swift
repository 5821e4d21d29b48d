internal import Crash
internal import Delivery
internal import Service
internal import Store

/// Takes over the mails of processes that died or froze, by what their in-flight journals tell.
///
/// Each process is a matter of its own, and so is each mail: what can't be taken over waits for a growing
/// time, and keeps nobody else's mail. A round ends after ``patience``, and the next goes on where it was.
struct Recovery {
    var settings: EngineSettings
    var bootID: String
    var instance: Int64
    var journals: any Journals
    var random = EngineRandom()

    /// Mails in a transaction: the write lock is not kept from the API server for longer.
    private static let mailsAtOnce = 200
    private static let patience: Duration = .milliseconds(50)

    struct TakenOver {
        var mails: Int
        var isDead: Bool
        var outcomes: [Measurement.TakenMail] = []
    }

    /// What a round came to.
    struct Round {
        var taken: [TakenOver] = []
        /// Files that keep mails from being taken over.
        var troubles: [JournalTrouble] = []
        /// Mails that the database would not give up, and its words.
        var failed: [(mailID: Int64, error: String)] = []
        var faults: [StatementFault] = []
        /// There is more to do at once.
        var hasMore = false
    }

    func run(
        _ store: any OutboxStore, clock: EngineClock, book: inout RecoveryBook
    ) throws -> Round {
        var round = Round()
        let end = clock.steadyNow() + Self.patience
        let others = book.inTurn(try store.others(than: instance, at: clock.steadyNow()))
        for other in others {
            guard clock.steadyNow() < end else {
                round.hasMore = true
                return round
            }
            book.position = other.id
            guard book.isDue(other.id, at: clock.steadyNow()) else { continue }
            try settle(other, store, clock, &book, &round)
        }
        book.keep(others.map(\.id))
        return round
    }

    // MARK: A process

    private func settle(
        _ other: Instance, _ store: any OutboxStore, _ clock: EngineClock,
        _ book: inout RecoveryBook, _ round: inout Round
    ) throws {
        let owner = journals.owner(
            of: other.journalFile, isRegistered: true, at: clock.wallNow())
        var takeover = Takeover(
            settings: settings, bootID: bootID, other: other, journal: nil, isDead: true,
            random: random)
        switch owner {
        case .alive(let journal):
            takeover.journal = journal
            takeover.isDead = false
            guard takeover.isFrozen(leaseLeft: other.leaseLeft, at: clock.steadyNow()) else {
                return
            }
        case .dead(let journal): takeover.journal = journal
        case .gone: break
        // There is no lock to ask.
        case .replaced: guard other.leaseLeft < .zero else { return }
        case .unreadable(let trouble): return round.troubles.append(trouble)
        }
        guard try step(takeover, store, clock, &book, &round), takeover.isDead else { return }
        try store.forget(instance: other.id)
        CrashPoint.deadForgotten.pass()
        if let trouble = takeover.journal?.remove() { round.troubles.append(trouble) }
        CrashPoint.deadJournalRemoved.pass()
    }

    /// Takes over some of the process's mails.
    /// - Returns: whether none is left.
    private func step(
        _ takeover: Takeover, _ store: any OutboxStore, _ clock: EngineClock,
        _ book: inout RecoveryBook, _ round: inout Round
    ) throws -> Bool {
        let id = takeover.other.id
        let mails = try store.inFlight(of: id, after: book.after(id), limit: Self.mailsAtOnce)
        let result = try takeover.run(mails, store, clock)
        if !result.taken.isEmpty {
            round.taken.append(
                TakenOver(
                    mails: result.taken.count, isDead: takeover.isDead, outcomes: result.taken))
        }
        round.faults += result.faults
        if book.tellsFailures(of: id) {
            round.failed += result.failed.map { ($0.mail.mailID, $0.error) }
        }
        let isLast = mails.count < Self.mailsAtOnce
        round.hasMore = round.hasMore || !isLast
        return book.stepped(
            id, to: mails.last?.mailID, failed: !result.failed.isEmpty, isLast: isLast,
            at: clock.steadyNow())
    }

    // MARK: Files

    /// Deletes in-flight journals that no process owns: theirs died before it was registered, or after it
    /// was forgotten.
    ///
    /// - Returns: those that can't be read or deleted.
    func removeOrphans(_ store: any OutboxStore, at now: ClockReading) throws -> [JournalTrouble] {
        let known = Set(try store.others(than: -1, at: now.steady).map(\.journalFile))
        var troubles: [JournalTrouble] = []
        for name in journals.names where !known.contains(name) {
            let owner = journals.owner(of: name, isRegistered: false, at: now.wall)
            switch owner {
            case .dead(let journal):
                if let trouble = journal.remove() { troubles.append(trouble) }
                CrashPoint.orphanRemoved.pass()
            case .unreadable(let trouble): troubles.append(trouble)
            case .alive, .gone, .replaced: break
            }
        }
        return troubles
    }
}
