import Delivery
import Glibc
import TestSupport
import Testing

/// The clock is set by an hour, or the machine sleeps for one, while the daemon runs.
struct ClockJumpTests {
    private static let hour: Int64 = 3_600

    private static func due(_ id: Int64, _ outboxd: Outboxd) throws -> Int64 {
        try outboxd.status(id).dueAt / 1_000
    }

    @Test(arguments: [hour, -hour])
    func `a clock that is set sends nothing early or late, and moves what is due`(
        jump: Int64
    ) throws {
        let outboxd = try Outboxd(["OUTBOXD_HOLD": "60s"])
        defer { outboxd.end() }
        let clock = try ShiftedClock(in: outboxd.directory)
        let daemon = try outboxd.run(settings: clock.settings)
        let held = try outboxd.insert(Row(conversation: "held"))[0]
        let first = try outboxd.insert(Row(conversation: "now", instant: true))[0]
        #expect(try outboxd.status(first, after: "sent").summary == "sent")
        let due = try Self.due(held, outboxd)
        clock.setWall(by: jump)
        #expect(daemon.waitForOutput("the clock was set"))
        #expect(try eventually { try abs(Self.due(held, outboxd) - due - jump) <= 1 })
        // Mail goes on.
        let second = try outboxd.insert(
            Row(
                conversation: "then", instant: true,
                createdAt: TestClock.wall.milliseconds + jump * 1_000))[0]
        #expect(try outboxd.status(second, after: "sent").summary == "sent")
        clock.setWall(by: 0)
        #expect(try eventually { try abs(Self.due(held, outboxd) - due) <= 1 })
        #expect(try outboxd.status(held).summary == "pending/hold")
        #expect(outboxd.relay.record.mailCount == 2)
    }

    @Test(arguments: [hour, -hour])
    func `a clock that is set at the dot changes nothing about the mail under way`(
        jump: Int64
    ) throws {
        let gate = Gate()
        let relay = try ScriptedRelay(rules: [.on(.dot, .hold(gate))])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        let clock = try ShiftedClock(in: outboxd.directory)
        let daemon = try outboxd.run(settings: clock.settings)
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(gate.waitForArrivals())
        clock.setWall(by: jump)
        #expect(daemon.waitForOutput("the clock was set"))
        gate.open()
        let status = try outboxd.status(id, after: "sent")
        #expect(status.attempts == 1 && !status.uncertain)
        #expect(relay.record.mailCount == 1)
    }

    /// The hold has gone by, as time has.
    @Test func `a machine that wakes after an hour sends what has fallen due`() throws {
        let outboxd = try Outboxd(["OUTBOXD_HOLD": "30m"])
        defer { outboxd.end() }
        let clock = try ShiftedClock(in: outboxd.directory)
        let daemon = try outboxd.run(settings: clock.settings)
        let held = try outboxd.insert(Row(conversation: "held"))[0]
        let first = try outboxd.insert(Row(conversation: "now", instant: true))[0]
        #expect(try outboxd.status(first, after: "sent").summary == "sent")
        #expect(try outboxd.status(held).summary == "pending/hold")
        clock.sleep(for: Self.hour)
        #expect(try outboxd.status(held, after: "sent").summary == "sent")
        #expect(!daemon.errors.contains("the clock was set"))
        #expect(outboxd.relay.record.mailCount == 2)
    }

    /// Its lease and its timeouts are over; nobody has taken the mail over, and the relay has it.
    @Test func `a machine that sleeps at the dot knows that the mail may have arrived`() throws {
        let gate = Gate()
        let relay = try ScriptedRelay(rules: [.first(1, .dot, .hold(gate))])
        let outboxd = try Outboxd(["OUTBOXD_ON_UNCERTAIN": "hold"], relay: relay)
        defer { outboxd.end() }
        let clock = try ShiftedClock(in: outboxd.directory)
        try outboxd.run(settings: clock.settings)
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(gate.waitForArrivals())
        // The relay has the dot, perhaps before the wait for its reply has begun: then it sleeps once more.
        var slept: Int64 = 0
        let isUncertain = try eventually {
            slept += Self.hour
            clock.sleep(for: slept)
            usleep(500_000)
            return try outboxd.status(id).summary == "pending/uncertain"
        }
        #expect(isUncertain)
        gate.open()
        let next = try outboxd.insert(
            Row(
                conversation: "next", instant: true,
                createdAt: TestClock.wall.milliseconds + slept * 1_000))[0]
        #expect(try outboxd.status(next, after: "sent").summary == "sent")
    }
}
