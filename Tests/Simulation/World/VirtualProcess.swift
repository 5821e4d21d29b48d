import Delivery
import SQLite
import Service
import Store

@testable import Engine

/// One outboxd in virtual time: both of its loops, turned by the thread of the test.
final class VirtualProcess {
    let lifeline: Lifeline
    let mode: RunMode
    /// Until then it is stopped by SIGSTOP.
    var frozenUntil: SteadyTime?
    /// Others run in the middle of its turn.
    var isPreempted = false
    /// What its loop ended with; nil while it goes on, or if it was killed.
    private(set) var end: Result<EngineResult, any Error>?
    private let forStoring = Flag()
    private let forSending = Flag()
    private let clock: EngineClock
    let storing: StoringLoop
    let sending: SendingLoop
    private let handOff: HandOff
    let journal: InFlightJournal
    private let stopTimeout: Duration
    /// When each loop has its next turn unless it is signalled before.
    private(set) var storingAt: SteadyTime
    private(set) var sendingAt: SteadyTime
    /// It leaves the write lock to others until then, and no signal cuts that short.
    private var leavesLock = false

    /// - Parameter commit: Asked around each commit; what it throws is the commit's failure.
    init(
        _ settings: EngineSettings, mode: RunMode = .daemon, lifeline: Lifeline,
        journals: VirtualJournals, epochNote: VirtualEpochNote, relay: VirtualRelay,
        clock: EngineClock, random: EngineRandom, batches: Batches = Batches(),
        firstToken: Int64, bootID: String = "virtual", isDurable: Bool = false,
        commit: @escaping (CommitPoint) throws -> Void = { _ in },
        observer: @escaping EngineObserver
    ) throws {
        self.lifeline = lifeline
        self.mode = mode
        self.clock = clock
        stopTimeout = settings.stopTimeout
        var surroundings = Surroundings()
        surroundings.clock = clock
        surroundings.random = random
        surroundings.watchesCommits = false
        surroundings.batches = batches
        surroundings.journals = { _ in journals.of(lifeline) }
        surroundings.dialer = { relay.dialer(wake: $1, lifeline) }
        handOff = HandOff(forStoring: forStoring, forSending: forSending)
        journal = try journals.of(lifeline).create(
            connections: settings.connections, bootID: bootID, lease: settings.lease)
        let connection = try Database.open(path: settings.database)
        if !isDurable { try connection.execute("PRAGMA synchronous = OFF") }
        let store = try SQLiteStore(connection: connection, firstToken: firstToken) {
            guard $0 != .begins else { return try lifeline.begin() }
            try lifeline.pass(.commit($0))
            try commit($0)
        }
        // As small, in proportion.
        store.lookAheadStep = max(1, batches.ingested / 2)
        store.epochNote = epochNote.of(lifeline)
        storing = try StoringLoop(
            settings, mode: mode, handOff: handOff, journal: journal, store: store,
            bootID: bootID, heartbeat: Heartbeat(), surroundings: surroundings,
            observer: observer)
        sending = SendingLoop(
            settings, handOff: handOff, journal: journal,
            check: WatchedCheck(
                SQLitePreSendCheck(
                    connection: try Database.open(path: settings.database, readOnly: true),
                    ignoredPauses: storing.progress.pausesAtStart), lifeline),
            heartbeat: Heartbeat(), surroundings: surroundings, observer: observer)
        storingAt = clock.steadyNow()
        sendingAt = clock.steadyNow()
        try storing.begin()
    }

    /// As SIGTERM does.
    func stop() { handOff.stop(by: clock.steadyNow() + stopTimeout) }

    /// When something happens by itself.
    var nextAt: SteadyTime {
        if let frozenUntil { return frozenUntil }
        return sending.relay.connections.compactMap(readyAt).min()
            .map { min($0, storingAt, sendingAt) } ?? min(storingAt, sendingAt)
    }

    /// The storing loop has something to do now.
    var isStoringDue: Bool {
        storingAt <= clock.steadyNow() || (forStoring.isSet && !leavesLock)
    }

    /// The sending loop has something to do now.
    var isSendingDue: Bool {
        forSending.isSet || sendingAt <= clock.steadyNow() || isAnythingReady
    }

    /// One turn of a loop that has something to do.
    ///
    /// - Returns: false if both wait, or it is over.
    func turn() throws -> Bool {
        guard !lifeline.isCut, !isPreempted else { return false }
        if let frozenUntil {
            guard frozenUntil <= clock.steadyNow() else { return false }
            self.frozenUntil = nil
        }
        if isStoringDue {
            try turnStoring()
        } else if isSendingDue {
            turnSending()
        } else {
            return false
        }
        return true
    }

    func turnStoring() throws {
        let now = clock.steadyNow()
        let before = (octets: storing.hand.octets, mayClaim: storing.mayClaimMore)
        do {
            leavesLock = false
            switch try storing.turn() {
            case .wait(let time): storingAt = now + time
            case .leaveLock(let time):
                (storingAt, leavesLock) = (now + min(time, LockShare.look), true)
            case .end(let result): try takeLeave(.success(result))
            }
        } catch let error as Lifeline.Died {
            throw error
        } catch {
            try takeLeave(.failure(error))
        }
        if storing.hand.octets > before.octets, !before.mayClaim { throw overfull(before.octets) }
    }

    func turnSending() {
        let now = clock.steadyNow()
        let wait = sending.turn { isReady(sending.relay.connections[$0]) }
        sendingAt = now + (wait ?? .seconds(3_600))
    }

    /// What ``Engine`` does once the storing loop has ended.
    private func takeLeave(_ result: Result<EngineResult, any Error>) throws {
        end = result
        handOff.stop(by: clock.steadyNow())
        for _ in 0..<100 where !handOff.isSendingOver {
            _ = sending.turn { isReady(sending.relay.connections[$0]) }
        }
        if try storing.finishUp(after: result) { journal.remove() }
        lifeline.leave()
    }

    private var isAnythingReady: Bool { sending.relay.connections.contains(where: isReady) }

    private func isReady(_ pooled: PooledConnection) -> Bool {
        guard !pooled.isClosed, let channel = pooled.connection as? VirtualChannel else {
            return false
        }
        return channel.isReady || pooled.wantsWrite
    }

    private func readyAt(_ pooled: PooledConnection) -> SteadyTime? {
        guard !pooled.isClosed else { return nil }
        return (pooled.connection as? VirtualChannel)?.readyAt
    }
}

/// The pre-send check, and the point before it.
private final class WatchedCheck: PreSendCheck {
    private let check: any PreSendCheck
    private let lifeline: Lifeline

    init(_ check: any PreSendCheck, _ lifeline: Lifeline) {
        self.check = check
        self.lifeline = lifeline
    }

    func check(_ mail: CheckedMail, at now: WallTime) throws -> PreSendResult {
        lifeline.stand(at: .check)
        return try check.check(mail, at: now)
    }
}
