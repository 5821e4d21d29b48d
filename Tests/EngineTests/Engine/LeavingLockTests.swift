import Delivery
@testable import Engine
import Service
import SQLite
import Store
import TestSupport
import Testing

/// The storing thread keeps to its ``LockShare``.
struct LeavingLockTests {
    @Test func `a transaction does not begin before the lock has been left alone`() throws {
        let bed = try EngineBed()
        let (loop, journal) = try bed.storingLoop()
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
        let (loop, journal) = try bed.storingLoop()
        defer { journal.remove() }
        try bed.insert(instant: false)
        let before = TestClock.steady
        #expect(loop.lockShare.pause(at: before) == .zero)
        try loop.work()
        #expect(loop.lockShare.pause(at: before) > .zero)
        #expect(try bed.server.statement("SELECT 1 FROM outboxd_rows").first { _ in true } == true)
    }

    @Test(arguments: [true, false])
    func `an instant row that comes while the lock is left free cuts that short`(
        isInstant: Bool
    ) throws {
        let bed = try EngineBed()
        let (loop, journal) = try bed.storingLoop()
        defer { journal.remove() }
        guard case .wait = try loop.turn() else {
            Issue.record("the first turn left the lock alone")
            return
        }
        // Ends in five minutes: for an instant row 1 ms before others.
        let start = TestClock.steady + .seconds(300)
        let end = start + .milliseconds(1)
        loop.lockShare.othersCommitted(at: end)
        loop.lockShare.held(from: start, to: end)
        try bed.insert(instant: isInstant)
        guard case .leaveLock = try loop.turn() else {
            Issue.record("the lock was not left alone")
            return
        }
        #expect(loop.isUrgent == isInstant)
        let pause = loop.lockShare.pause(isUrgent: loop.isUrgent, at: end)
        #expect(pause == .milliseconds(isInstant ? 1 : 2))
        loop.lockShare = LockShare()
        guard case .wait = try loop.turn() else {
            Issue.record("a turn did not go through")
            return
        }
        #expect(!loop.isUrgent)
        #expect(try bed.server.statement("SELECT 1 FROM outboxd_rows").first { _ in true } == true)
    }

    @Test func `turns see to those behind, up to one batch, unless the stock is full`() throws {
        let bed = try EngineBed()
        let (loop, journal) = try bed.storingLoop()
        defer { journal.remove() }
        loop.handOff.deliver(
            [], relay: [],
            demand: HandOff.Demand(mails: 700, room: 700, urgent: 8, behind: 100))
        func batch() -> [Int] {
            let capacity = loop.capacity
            return [capacity.mails, capacity.behind, capacity.urgent]
        }
        #expect(batch() == [256, 0, 8])
        loop.lockShare.othersCommitted(at: TestClock.steady + .seconds(300))
        #expect(batch() == [LockShare.sharedBatch, 0, 8])
        loop.handOff.deliver(
            [], relay: [], demand: HandOff.Demand(mails: 20, room: 20, urgent: 8, behind: 100))
        #expect(batch() == [20, 0, 8])
        loop.handOff.deliver([], relay: [], demand: HandOff.Demand(urgent: 8, behind: 100))
        #expect(batch() == [0, LockShare.sharedBatch, 8])
    }
}
