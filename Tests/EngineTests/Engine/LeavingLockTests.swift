import Delivery
@testable import Engine
import Service
import SQLite
import Store
import TestSupport
import Testing

/// The storing thread keeps to its ``LockShare``.
struct LeavingLockTests {
    private func loop(_ bed: EngineBed) throws -> (StoringLoop, InFlightJournal) {
        let journal = try InFlightJournal.create(
            besideDatabase: bed.path, connections: 1, bootID: "b")
        let loop = try StoringLoop(
            bed.settings, mode: .daemon, handOff: HandOff(), journal: journal,
            store: SQLiteStore(connection: Database.open(path: bed.path)), bootID: "b",
            heartbeat: Heartbeat(), surroundings: Surroundings(), observer: { _ in })
        try loop.followClock()
        return (loop, journal)
    }

    @Test func `a transaction does not begin before the lock has been left alone`() throws {
        let bed = try EngineBed()
        let (loop, journal) = try loop(bed)
        defer { journal.remove() }
        try bed.insert(instant: false)
        let isIngested = {
            try bed.server.statement("SELECT 1 FROM outboxd_rows").first { _ in true } == true
        }
        let freeUntil = TestClock.steady + .seconds(300)
        loop.lockShare.held(from: freeUntil, to: freeUntil)
        guard case .leaveLock(let time) = try loop.turn() else {
            Issue.record("a turn did not leave the lock alone")
            return
        }
        #expect(time > .seconds(290) && time <= .seconds(300))
        #expect(try !isIngested())
        loop.lockShare = LockShare()
        guard case .wait = try loop.turn() else {
            Issue.record("a turn did not go through")
            return
        }
        #expect(try isIngested())
    }

    @Test func `how long a transaction held the lock counts`() throws {
        let bed = try EngineBed()
        let (loop, journal) = try loop(bed)
        defer { journal.remove() }
        try bed.insert(instant: false)
        let before = TestClock.steady
        #expect(loop.lockShare.pause(at: before) == .zero)
        try loop.work()
        #expect(loop.lockShare.pause(at: before) > .zero)
        #expect(try bed.server.statement("SELECT 1 FROM outboxd_rows").first { _ in true } == true)
    }
}
