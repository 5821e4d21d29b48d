import Delivery
import Glibc
import TestSupport
import Testing

/// "It acts through an operator's pause that stood when it began, and says so; a later one stops it,
/// exit 75", and "interrupted commands finish what is under way, say what remains and exit 75".
struct DrainStopTests {
    /// A drain of ten mails over one connection, the first of which is held at its dot.
    private struct Drain {
        let outboxd: Outboxd
        let process: ChildProcess
        let gate = Gate()
        let ids: [Int64]

        init(paused: String? = nil) throws {
            let relay = try ScriptedRelay(rules: [.first(1, .dot, .hold(gate))])
            outboxd = try Outboxd(["OUTBOXD_SMTP_CONNECTIONS": "1"], relay: relay)
            if let paused {
                try outboxd.sql(
                    "INSERT INTO outboxd_pauses (helpdesk_id, paused_at) VALUES ('\(paused)', 1)")
            }
            ids = try outboxd.insert((0..<10).map { Row(conversation: "c\($0)", instant: true) })
            process = try outboxd.start("drain")
            #expect(gate.waitForArrivals(1))
        }

        /// What was under way went through, and nothing else did.
        func expectStopped(_ words: String, reason: String) throws {
            #expect(process.waitForExit() == .code(75))
            #expect(process.errors.contains(words))
            #expect(process.errors.contains("rows that still wait: 9"))
            #expect(outboxd.relay.record.mailCount == 1)
            #expect(try outboxd.counts()["sent"] == 1)
            #expect(try outboxd.counts()["pending"] == 9)
            #expect(try outboxd.status(ids[9]).reason == reason)
        }
    }

    @Test(arguments: ["", "h1"], [nil, "another"])
    func `a pause that is set while it runs stops it`(helpdesk: String, stood: String?) throws {
        let drain = try Drain(paused: stood)
        defer { drain.outboxd.end() }
        let pause =
            try helpdesk.isEmpty
            ? drain.outboxd.command("pause")
            : drain.outboxd.command("pause", "--helpdesk", helpdesk)
        #expect(pause.exit == .code(0))
        drain.gate.open()
        let what = helpdesk.isEmpty ? "everything" : "helpdesk h1"
        try drain.expectStopped("\(what) was paused while this drain ran", reason: "paused")
    }

    /// The drain sees the table before and after, and the same pause in both.
    @Test func `a pause that was lifted and set again stops it`() throws {
        let drain = try Drain(paused: "")
        defer { drain.outboxd.end() }
        try drain.outboxd.sql(
            "UPDATE outboxd_pauses SET paused_at = \(TestClock.wall.milliseconds)")
        drain.gate.open()
        try drain.expectStopped("everything was paused while this drain ran", reason: "paused")
    }

    @Test(arguments: ["", "h1"])
    func `a pause that stood is acted through to the end`(helpdesk: String) throws {
        let drain = try Drain(paused: helpdesk)
        defer { drain.outboxd.end() }
        drain.gate.open()
        #expect(drain.process.waitForExit() == .code(0))
        #expect(drain.process.errors.contains("is paused; this drain acts through the pause"))
        #expect(drain.outboxd.relay.record.mailCount == 10)
    }

    @Test func `the API server's pause holds from the moment it is set`() throws {
        let drain = try Drain()
        defer { drain.outboxd.end() }
        try drain.outboxd.sql(
            """
            INSERT INTO helpdesks (id, name, from_address, paused)
            VALUES ('h1', 'Acme', 'support@acme.test', 1)
            """)
        drain.gate.open()
        #expect(drain.process.waitForExit() == .code(0))
        #expect(drain.outboxd.relay.record.mailCount == 1)
        let words = "helpdesk h1 was paused by the API server while this drain ran; rows of it"
        #expect(drain.process.errors.contains("\(words) that still wait: 9"))
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func `interrupted, it says what remains`(signal: Int32) throws {
        let drain = try Drain()
        defer { drain.outboxd.end() }
        drain.process.terminate(signal)
        // It stops to begin anything before the gate opens.
        usleep(300_000)
        drain.gate.open()
        try drain.expectStopped("this drain was stopped", reason: "queued")
        #expect(drain.process.errors.contains("stopping: what is under way is finished"))
        #expect(drain.process.output.contains("9 rows wait: 9 queued"))
    }
}
