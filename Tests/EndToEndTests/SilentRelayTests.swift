import Delivery
import Foundation
import TestSupport
import Testing

/// A relay that takes a connection, or a command, and says nothing.
struct SilentRelayTests {
    @Test(arguments: [RelayEvent.Verb.connect, .ehlo, .rcpt])
    func `silence is told after ten seconds, and status says it`(verb: RelayEvent.Verb) throws {
        let gate = Gate()
        let relay = try ScriptedRelay(rules: [.first(1, verb, .hold(gate))])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        let start = TestClock.wall.milliseconds
        try outboxd.insert(Row(instant: true))
        #expect(daemon.waitForOutput("the relay does not answer", timeout: .seconds(20)))
        #expect((10_000..<15_000).contains(TestClock.wall.milliseconds - start))
        #expect(daemon.errors.contains("reply for 10 s"))
        #expect(
            try eventually {
                try outboxd.command("status").output.hasPrefix("the relay does not answer")
            })
        let status = try outboxd.command("status").output
        #expect(status.contains("reply for 10 s; it is waited for"), "\(status)")
        #expect(
            try outboxd.command("health").output.hasPrefix(
                "healthy so far, but the relay does not answer: "))
        // It is waited for all the same; then nothing is wrong any more.
        gate.open()
        #expect(relay.waitForMails(1))
        #expect(try eventually { try outboxd.command("status").output.hasPrefix("healthy") })
    }
}
