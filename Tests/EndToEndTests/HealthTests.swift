import SQLite
import TestSupport
import Testing

/// `health` beside a daemon: "0 while mail moves or none is due, else 1 and the cause in a line".
struct HealthTests {
    @Test func `it follows what happens`() throws {
        let relay = try ScriptedRelay()
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        #expect(try outboxd.command("health").exit == .code(0))
        let sent = try outboxd.insert(Row(instant: true))[0]
        #expect(try outboxd.status(sent, after: "sent").summary == "sent")
        #expect(try outboxd.command("health").output == "healthy: no mail is due\n")

        relay.stop()
        try outboxd.insert(Row(conversation: "c2", instant: true))
        #expect(daemon.waitForOutput("the relay is in trouble"))
        let down = try outboxd.command("health")
        #expect(down.exit == .code(1))
        #expect(down.output.hasPrefix("the relay is down since "), "\(down.output)")
        // No reason to start anything anew.
        let live = try outboxd.command("health", "--live")
        #expect(live.exit == .code(0) && live.output.hasPrefix("the relay is down since "))

        try outboxd.command("pause")
        let paused = try outboxd.command("health")
        #expect(paused.exit == .code(1) && paused.output.hasPrefix("everything is paused since "))
        try outboxd.command("resume")

        daemon.kill()
        _ = daemon.waitForExit()
        let dead = try outboxd.command("health")
        #expect(
            dead.exit == .code(1) && dead.output.hasPrefix("no outboxd is running, and mail is due")
        )
        #expect(try outboxd.command("health", "--live").exit == .code(1))
    }
}
