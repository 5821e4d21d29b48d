import Delivery
import SQLite
import Service
import Store

@testable import Engine

/// One outboxd in virtual time: both of its loops, turned by the thread of the test.
final class VirtualProcess {
    let lifeline: Lifeline
    private let forStoring = Flag()
    private let forSending = Flag()
    private let clock: EngineClock
    private let storing: StoringLoop
    private let sending: SendingLoop
    /// When each loop has its next turn unless it is signalled before.
    private var storingAt: SteadyTime
    private var sendingAt: SteadyTime

    init(
        _ settings: EngineSettings, lifeline: Lifeline, journals: VirtualJournals,
        relay: VirtualRelay, clock: EngineClock, random: EngineRandom, firstToken: Int64,
        observer: @escaping EngineObserver
    ) throws {
        self.lifeline = lifeline
        self.clock = clock
        var surroundings = Surroundings()
        surroundings.clock = clock
        surroundings.random = random
        surroundings.watchesCommits = false
        surroundings.journals = { _ in journals.of(lifeline) }
        surroundings.dialer = { VirtualDialer(relay, wake: $1, lifeline: lifeline) }
        let handOff = HandOff(forStoring: forStoring, forSending: forSending)
        let journal = try journals.of(lifeline).create(
            connections: settings.connections, bootID: "virtual", lease: settings.lease)
        let connection = try Database.open(path: settings.database)
        try connection.execute("PRAGMA synchronous = OFF")
        let store = try SQLiteStore(connection: connection, firstToken: firstToken) {
            try lifeline.pass(.commit($0))
        }
        storing = try StoringLoop(
            settings, mode: .daemon, handOff: handOff, journal: journal, store: store,
            bootID: "virtual", heartbeat: Heartbeat(), surroundings: surroundings,
            observer: observer)
        sending = SendingLoop(
            settings, handOff: handOff, journal: journal,
            check: SQLitePreSendCheck(
                connection: try Database.open(path: settings.database, readOnly: true)),
            heartbeat: Heartbeat(), surroundings: surroundings, observer: observer)
        storingAt = clock.steadyNow()
        sendingAt = clock.steadyNow()
        try storing.begin()
    }

    /// When something happens by itself.
    var nextAt: SteadyTime { min(storingAt, sendingAt) }

    /// One turn of a loop that has something to do.
    ///
    /// - Returns: false if both wait, or it is dead.
    func turn() throws -> Bool {
        guard !lifeline.isCut else { return false }
        let now = clock.steadyNow()
        if forStoring.isSet || storingAt <= now {
            switch try storing.turn() {
            case .wait(let time), .leaveLock(let time): storingAt = now + time
            case .end: storingAt = now + .seconds(3_600)
            }
        } else if forSending.isSet || sendingAt <= now || isAnythingReady {
            let wait = sending.turn { isReady(sending.relay.connections[$0]) }
            sendingAt = now + (wait ?? .seconds(3_600))
        } else {
            return false
        }
        return true
    }

    private var isAnythingReady: Bool { sending.relay.connections.contains(where: isReady) }

    private func isReady(_ pooled: PooledConnection) -> Bool {
        guard !pooled.isClosed, let channel = pooled.connection as? VirtualChannel else {
            return false
        }
        return channel.isReady || pooled.wantsWrite
    }
}
