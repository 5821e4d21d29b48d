import Delivery
import Foundation
import TestSupport
import Testing

/// The incident of Operating.md ("An incident, from start to end"), with real processes: at the end every row is
/// accounted for, and nobody got a mail twice.
struct IncidentTests {
    private let relay: ScriptedRelay
    private let other: ScriptedRelay
    private let outboxd: Outboxd
    private let isDown = Flag()
    private let isMailboxFull = Flag()

    init() throws {
        let (isDown, isMailboxFull) = (isDown, isMailboxFull)
        relay = try ScriptedRelay()
        relay.add { event in
            event.verb == .connect && isDown.isSet
                ? .replyThenClose(421, "4.3.2 down for maintenance") : nil
        }
        relay.add { event in
            event.verb == .rcpt && isMailboxFull.isSet && event.recipient == "fussy@example.test"
                ? .reply(550, "5.7.1 <fussy@example.test>: list was lost") : nil
        }
        other = try ScriptedRelay()
        // The connection dies after the fifth mail's dot: it may have arrived or not.
        other.add { event in
            event.verb == .dot && event.recipient == "unlucky@example.test"
                ? .acceptThenClose : nil
        }
        outboxd = try Outboxd(["OUTBOXD_ON_UNCERTAIN": "hold"], relay: relay)
        try outboxd.sql(
            """
            INSERT INTO helpdesks (id, name, from_address) VALUES ('acme', 'Acme', 'a@acme.test'),
                ('beta', 'Beta', 'b@acme.test'), ('gone', 'Gone', 'g@acme.test')
            """)
    }

    private func firstLine(_ command: String...) throws -> String {
        let result = try ChildProcess.run(
            outboxd.binary, command, environment: outboxd.environment,
            directory: outboxd.directory.path)
        return String(result.output.prefix { $0 != "\n" })
    }

    /// 20 rows of acme's, among them a few with fates of their own, 10 of beta's, 10 that no longer matter.
    private func insertBacklog() throws {
        var rows = (0..<18).map {
            Row(
                to: "acme\($0)@example.test", conversation: "a\($0)", helpdesk: "acme",
                instant: true)
        }
        for name in ["fussy", "unlucky"] {
            rows.append(
                Row(
                    to: "\(name)@example.test", conversation: name, helpdesk: "acme", instant: true)
            )
        }
        for helpdesk in ["beta", "gone"] {
            rows += (0..<10).map {
                Row(
                    to: "\(helpdesk)\($0)@example.test", conversation: "\(helpdesk)\($0)",
                    helpdesk: helpdesk, instant: true)
            }
        }
        try outboxd.insert(rows)
    }

    @Test func `an incident from start to end`() throws {
        defer { outboxd.end() }
        // The relay goes down, a backlog grows, status tells.
        isDown.set(true)
        isMailboxFull.set(true)
        try outboxd.run()
        try insertBacklog()
        #expect(
            try eventually {
                try firstLine("status").hasPrefix("the relay is down since ")
                    && outboxd.counts() == ["pending": 40]
            })
        #expect(try outboxd.command("health").exit == .code(1))

        // Nothing more goes out by itself; who did it, and why, stands in the first line.
        try outboxd.command("pause", "--why", "relay migration")
        let paused = try firstLine("status")
        #expect(paused.hasPrefix("paused by ") && paused.hasSuffix(": relay migration"))
        #expect(try outboxd.command("list", "--group-by", "helpdesk").output.contains("10"))
        #expect(try outboxd.command("show", "1").output.contains("is paused by "))

        // Half of it no longer matters.
        let dry = try outboxd.command("cancel", "--helpdesk", "gone", "--dry-run").output
        #expect(dry.hasPrefix("10 rows would be cancelled"))
        let cancelled = try outboxd.command("cancel", "--helpdesk", "gone", "--why", "not needed")
        #expect(cancelled.output == "10 rows are cancelled\n")
        #expect(try outboxd.counts() == ["pending": 30, "skipped": 10])

        // A dry run, a canary of three through another relay, then the rest of acme's slowly.
        let forecast = try outboxd.command("drain", "--dry-run").output
        #expect(forecast.contains("30"))
        #expect(other.record.mails.isEmpty)
        let canary = try outboxd.command(
            "drain", "--limit", "3", "--helpdesk", "acme", "--smtp-url", other.url)
        #expect(canary.exit == .code(0) || canary.exit == .code(75))
        #expect(other.record.mails.count == 3)
        let drained = try outboxd.command(
            "drain", "--helpdesk", "acme", "--rate", "100/s", "--smtp-url", other.url)
        #expect(drained.exit == .code(75), "\(drained.errors)")
        #expect(try outboxd.counts()["pending"] == 11)

        // What another relay said stands in the story, and nowhere else.
        #expect(try outboxd.command("show", "20").output.contains("may have arrived or not"))

        // The one that may have arrived or not has: its log says so.
        let held = try outboxd.command("list", "--reason", "uncertain", "--json").output
        #expect(held.contains("unlucky@example.test"))
        let resolved = try outboxd.command("resolve", "--all", "--sent", "--why", "in its log")
        #expect(resolved.exit == .code(0))
        #expect(try outboxd.command("list", "--reason", "uncertain").output == "no row matches\n")

        // The usual relay is back, but has lost its list: one row fails.
        isDown.set(false)
        try outboxd.command("probe")
        try outboxd.command("resume")
        try outboxd.insert(
            Row(to: "fussy@example.test", conversation: "again", helpdesk: "acme", instant: true))
        #expect(
            try eventually {
                try outboxd.counts() == ["sent": 30, "failed": 1, "skipped": 10]
            })
        let errors = try outboxd.command("list", "--state", "failed", "--group-by", "error").output
        #expect(errors.contains("rcpt: 550 5.7.1 <address> list was lost"))

        // It has its list again: the row is retried, with its story.
        isMailboxFull.set(false)
        let retried = try outboxd.command(
            "retry", "--error", "list was lost", "--why", "it is back")
        #expect(retried.output == "1 row is tried again\n")
        #expect(try eventually { try outboxd.counts() == ["sent": 31, "skipped": 10] })
        let story = try outboxd.command("show", "41").output
        #expect(story.contains("550 5.7.1") && story.contains(": it is back"))
        #expect(story.contains("was sent"))
        #expect(try eventually { try firstLine("status") == "healthy" })

        // Every row is accounted for, and nobody got a mail twice.
        let mails = relay.record.mails + other.record.mails
        let recipients = mails.map(\.recipient)
        #expect(recipients.count == 31)
        #expect(Set(recipients).count == 30 && recipients.count { $0 == "fussy@example.test" } == 2)
        #expect(!recipients.contains { $0.hasPrefix("gone") })
    }
}
