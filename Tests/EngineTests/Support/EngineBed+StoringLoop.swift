import Delivery
@testable import Engine
import Service
import Store

extension EngineBed {
    /// A storing thread's loop that no thread runs; the journal is the caller's to remove.
    func storingLoop(
        clock: EngineClock = .system, atCommit: ((CommitPoint) throws -> Void)? = nil
    ) throws -> (StoringLoop, InFlightJournal) {
        let journal = try InFlightJournal.create(
            besideDatabase: path, connections: 1, bootID: "b")
        let loop = try StoringLoop(
            settings, mode: .daemon, handOff: HandOff(), journal: journal,
            store: SQLiteStore(connection: Database.open(path: path), atCommit: atCommit),
            bootID: "b",
            heartbeat: Heartbeat(), surroundings: Surroundings(clock: clock), observer: { _ in })
        try loop.followClock()
        return (loop, journal)
    }
}
