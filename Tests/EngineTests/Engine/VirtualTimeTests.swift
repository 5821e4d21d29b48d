import Delivery
import Foundation
import SQLite
import TestSupport
import Testing

@testable import Engine
@testable import outboxd_simulate

/// The whole engine in one thread, in virtual time: storing loop, sending loop, a real SQLite file.
struct VirtualTimeTests {
    /// The relay puts a mail off for an hour: the times between the attempts double.
    @Test func `an hour of retries takes no time`() throws {
        let bed = try VirtualBed { command, now in
            command == "." && now < WallTime(milliseconds: 1_900_003_660_000)
                ? "451 4.7.1 Try again later" : VirtualRelay.usual(command)
        }
        let id = try bed.insert("m1")
        let took = try ContinuousClock().measure { try bed.run(for: .seconds(2 * 3_600)) }
        let dots = bed.relay.commands.filter { $0.line == "." }.map {
            Int(($0.at - WallTime(milliseconds: 1_900_000_000_000)).components.seconds)
        }
        #expect(dots.first == 60)
        let gaps = zip(dots.dropFirst(), dots).map { $0 - $1 }
        let longest = [30, 60, 120, 240, 480, 960, 1_920, 3_600]
        #expect(gaps.count >= 6)
        for (gap, longest) in zip(gaps, longest) {
            #expect(gap >= longest / 2 - 1 && gap <= longest + 2, "\(gaps)")
        }
        #expect(dots.last ?? 0 > 3_660 && dots.dropLast().allSatisfy { $0 < 3_660 })
        #expect(try bed.state(id) == "sent")
        #expect(bed.relay.messages.count == 1)
        #expect(took < .seconds(20), "\(took) for \(bed.turns) turns")
        guard ProcessInfo.processInfo.environment["OUTBOXD_FIGURES"] != nil else { return }
        print("two hours of virtual time took \(took), \(bed.turns) turns")
    }

    @Test func `an outage of three hours is borne, and the hold kept`() throws {
        let bed = try VirtualBed { command, now in
            let elapsed = now - WallTime(milliseconds: 1_900_000_000_000)
            if command == "CONNECT", elapsed < .seconds(3 * 3_600) { return nil }
            return VirtualRelay.usual(command)
        }
        let ids = try (0..<5).map { try bed.insert("m\($0)", conversation: "c\($0)") }
        try bed.run(for: .seconds(59))
        #expect(bed.relay.commands.isEmpty)
        try bed.run(for: .seconds(2 * 3_600))
        #expect(try ids.map(bed.attempts) == [0, 0, 0, 0, 0])
        // Probes: 1 s, doubling to a minute, one connection at a time.
        let probes = bed.relay.commands.count { $0.line == "CONNECT" }
        #expect(probes > 110 && probes < 150)
        try bed.run(for: .seconds(3_700))
        #expect(try ids.map(bed.state) == Array(repeating: "sent", count: 5))
        #expect(bed.relay.messages.count == 5)
    }

    /// It would have expired after an hour: the first attempt after the pause was its last.
    @Test(arguments: ["", "h", "other"])
    func `what is paused does not age`(helpdesk: String) throws {
        let bed = try VirtualBed(expiry: Expiry(after: .seconds(3_600))) { command, _ in
            command == "." ? "451 4.7.1 Try again later" : VirtualRelay.usual(command)
        }
        let id = try bed.insert("m1")
        try bed.run(for: .seconds(65))
        #expect(try bed.attempts(id) == 1)
        func deed(_ what: String) throws {
            try bed.server.execute(
                """
                INSERT INTO outboxd_deeds (helpdesk_id, at, what, who)
                VALUES ('\(helpdesk)', \(bed.clock.wallNow().milliseconds), '\(what)', 'alice')
                """)
        }
        try deed("paused")
        if helpdesk == "other" {
            try bed.run(for: .seconds(2 * 3_600))
            #expect(try bed.state(id) == "failed")
            return
        }
        try bed.server.execute(
            "INSERT INTO outboxd_pauses (helpdesk_id, paused_at) VALUES ('\(helpdesk)', 1)")
        try bed.run(for: .seconds(2 * 3_600))
        try bed.server.execute("DELETE FROM outboxd_pauses")
        try deed("resumed")
        try bed.run(for: .seconds(1_500))
        #expect(try bed.state(id) == "pending")
        try bed.run(for: .seconds(2 * 3_600))
        #expect(try bed.state(id) == "failed")
    }

    /// As far as outboxd notices: when a mail of it comes up, and when the pause is over.
    @Test func `what the API server pauses does not age either`() throws {
        let bed = try VirtualBed(expiry: Expiry(after: .seconds(3_600))) { command, _ in
            command == "." ? "451 4.7.1 Try again later" : VirtualRelay.usual(command)
        }
        try bed.server.execute(
            "INSERT INTO helpdesks (id, name, from_address) VALUES ('h', 'H', 'h@acme.test')")
        let id = try bed.insert("m1")
        try bed.run(for: .seconds(65))
        try bed.server.execute("UPDATE helpdesks SET paused = 1")
        try bed.run(for: .seconds(2 * 3_600))
        try bed.server.execute("UPDATE helpdesks SET paused = 0")
        try bed.run(for: .seconds(1_500))
        #expect(try bed.state(id) == "pending")
        try bed.run(for: .seconds(2 * 3_600))
        #expect(try bed.state(id) == "failed")
    }

    /// Nothing of the engine depends on anything but the seed, the clock and the relay.
    @Test func `the same seed is the same run`() throws {
        func run(seed: UInt64) throws -> ([VirtualRelay.Command], [String]) {
            let bed = try VirtualBed(seed: seed) { command, now in
                command == "." && now.milliseconds.isMultiple(of: 3)
                    ? "451 4.3.0 No" : VirtualRelay.usual(command)
            }
            for number in 0..<20 {
                try bed.insert(
                    "m\(number)", conversation: "c\(number % 7)", instant: number % 3 == 0)
                try bed.run(for: .seconds(17))
            }
            try bed.run(for: .seconds(3_600))
            return (bed.relay.commands, bed.relay.messages)
        }
        let (commands, messages) = try run(seed: 7)
        let (again, messagesAgain) = try run(seed: 7)
        #expect(commands == again && messages == messagesAgain && messages.count >= 7)
        #expect(try run(seed: 8).0 != commands)
    }
}
