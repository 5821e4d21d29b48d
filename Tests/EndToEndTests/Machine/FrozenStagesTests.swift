import Glibc
import TestSupport
import Testing

/// One of two daemons is stopped for longer than its lease, at each stage of its dialogue.
struct FrozenStagesTests {
    /// What it had begun the other one sends, and it sends nothing when it goes on.
    @Test(arguments: [RelayEvent.Verb.connect, .ehlo, .mail, .rcpt, .data])
    func `frozen before the dot, its mail goes out once, through the other`(
        stage: RelayEvent.Verb
    ) throws {
        let gate = Gate()
        let relay = try ScriptedRelay(rules: [.first(1, stage, .hold(gate))])
        let outboxd = try Outboxd(["OUTBOXD_LEASE": "1s"], relay: relay)
        defer { outboxd.end() }
        let frozen = try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(gate.waitForArrivals())
        try outboxd.freeze(frozen)
        let other = try outboxd.run()
        #expect(other.waitForOutput("took over the mails of an outboxd that does not move"))
        #expect(try outboxd.status(id, after: "sent").summary == "sent")
        gate.open()
        frozen.send(SIGCONT)
        #expect(frozen.waitForOutput("another outboxd has taken a mail over"), "\(frozen.errors)")
        let status = try outboxd.status(id)
        #expect(status.summary == "sent" && !status.uncertain)
        #expect(relay.record.mailCount == 1)
        // It works on.
        other.terminate()
        #expect(other.waitForExit() == .code(0))
        let next = try outboxd.insert(Row(conversation: "next", instant: true))[0]
        #expect(try outboxd.status(next, after: "sent").summary == "sent")
    }
}
