import Foundation
import TestSupport
import Testing

/// "The relay is down, all that is due is paused: … nothing to do costs nothing".
struct NothingToDoTests {
    enum Pause: CaseIterable {
        case everything, helpdesk, byAPI, sender
    }

    /// What a person on call does in an outage, and what it costs until somebody resumes.
    @Test(arguments: Pause.allCases)
    func `a pause during an outage costs no processor time`(pause: Pause) throws {
        let outboxd = try Outboxd(relay: ScriptedRelay(listening: false))
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(daemon.waitForOutput("the relay is in trouble"))
        #expect(try outboxd.status(id, after: "pending", "relay").summary == "pending/relay")
        try Self.pause(pause, outboxd)
        let reason = pause == .sender ? "sender" : "paused"
        #expect(try outboxd.status(id, after: "pending", reason).reason == reason)
        // The next probe's time passes without a mail for it: after 1, 2 and 4 s.
        usleep(3_000_000)
        let before = try Self.ticks(daemon.processID)
        usleep(2_000_000)
        let spent = try Self.ticks(daemon.processID) - before
        #expect(spent <= 10, "\(spent * 10) ms of processor time in 2 s")
    }

    private static func pause(_ pause: Pause, _ outboxd: Outboxd) throws {
        switch pause {
        case .everything: #expect(try outboxd.command("pause").exit == .code(0))
        case .helpdesk:
            #expect(try outboxd.command("pause", "--helpdesk", "h1").exit == .code(0))
        case .byAPI:
            try outboxd.sql(
                """
                INSERT INTO helpdesks (id, name, from_address, paused)
                VALUES ('h1', 'Acme', 'support@acme.test', 1)
                """)
        case .sender:
            try outboxd.sql(
                """
                INSERT INTO outboxd_senders (address, blocked_at, failures, probe_at)
                VALUES ('support@acme.test', 1, 1, 4000000000000)
                """)
        }
    }

    /// Time in user and kernel mode, in ticks of 10 ms (proc(5), `stat`, fields 14 and 15).
    private static func ticks(_ process: Int32) throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        // The name in parentheses may hold spaces.
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        return (Int(fields[12]) ?? 0) + (Int(fields[13]) ?? 0)
    }
}
