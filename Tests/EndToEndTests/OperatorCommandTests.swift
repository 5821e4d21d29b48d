import Delivery
import Foundation
import TestSupport
import Testing

/// `probe`, `suppress` and `prune`, with real processes.
struct OperatorCommandTests {
    /// A refused certificate or password is tried again after half a minute: too long for somebody who has
    /// just put it right.
    @Test func `probe tries the relay at once`() throws {
        let works = Flag()
        let relay = try ScriptedRelay()
        relay.add { event in
            event.verb == .mail && !works.isSet ? .reply(530, "5.7.0 Authentication required") : nil
        }
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        try outboxd.run()
        let ids = try outboxd.insert((0..<3).map { Row(conversation: "c\($0)", instant: true) })
        #expect(
            try eventually { try outboxd.command("status").output.hasPrefix("the relay is down") })
        works.set(true)
        let began = TestClock.steady
        let probe = try outboxd.command("probe")
        #expect(probe.exit == .code(0) && probe.output.contains("mail goes out again"), "\(probe)")
        for id in ids { #expect(try outboxd.status(id, after: "sent").state == "sent") }
        #expect(TestClock.steady - began < .seconds(15))
    }

    @Test func `probe says that the relay is still down`() throws {
        let outboxd = try Outboxd(relay: ScriptedRelay(listening: false))
        defer { outboxd.end() }
        let probe = try outboxd.command("probe")
        #expect(probe.exit == .code(69) && probe.output.contains("Connection refused"))
    }

    @Test func `a suppressed address gets no mail, and gets it again`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let added = try outboxd.command(
            "suppress", "add", " Ben@Example.test", "--why", "asked by phone", "--for", "90d")
        #expect(added.exit == .code(0), "\(added)")
        #expect(added.output.hasPrefix("ben@example.test gets no mail from any helpdesk, until 2"))
        try outboxd.run()
        let id = try outboxd.insert(Row(to: "ben@example.test", instant: true))[0]
        #expect(try outboxd.status(id, after: "skipped").summary == "skipped/suppressed")
        let list = try outboxd.command("suppress", "list").output
        #expect(list.contains("ben@example.test") && list.contains(": asked by phone"))
        let story = try outboxd.command("show", String(id)).output
        #expect(
            story.contains("asked by phone")
                && story.contains("`outboxd suppress remove ben@example.test` ends it"))

        let removed = try outboxd.command("suppress", "remove", "ben@example.test")
        #expect(removed.output == "ben@example.test gets mail again from any helpdesk\n")
        let again = try outboxd.command("suppress", "remove", "ben@example.test")
        #expect(again.exit == .code(65) && again.errors.contains("is not suppressed"))
        let retried = try outboxd.command("retry", String(id))
        #expect(retried.exit == .code(0))
        #expect(try outboxd.status(id, after: "sent").state == "sent")
        let wrong = try outboxd.command("suppress", "add", "nobody")
        #expect(wrong.exit == .code(65) && wrong.errors.contains("is no email address"))
    }

    @Test func `prune forgets what ended long ago, and nothing else`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let old = try outboxd.insert((0..<5).map { Row(conversation: "o\($0)", instant: true) })
        #expect(try outboxd.command("drain").exit == .code(0))
        try outboxd.sql("UPDATE outboxd_rows SET finished_at = finished_at - 8640000000")
        let new = try outboxd.insert(Row(conversation: "n", instant: true))
        #expect(try outboxd.command("drain").exit == .code(0))
        let waiting = try outboxd.insert(Row(conversation: "w"))
        let dry = try outboxd.command("prune", "--older-than", "90d", "--dry-run")
        #expect(dry.output.hasPrefix("5 rows that ended before ") && dry.output.contains("5  h1"))
        #expect(try outboxd.values("SELECT count(*) FROM outbox") == ["7"])
        let pruned = try outboxd.command("prune", "--older-than", "90d")
        #expect(pruned.output == "5 rows deleted\n", "\(pruned)")
        let left = (new + waiting).map { String($0) }
        #expect(try outboxd.values("SELECT id FROM outbox ORDER BY id") == left)
        #expect(
            try outboxd.values(
                "SELECT count(*) FROM outboxd_mails WHERE id IN (\(old.map { String($0) }.joined(separator: ",")))"
            ) == ["0"])
        #expect(try outboxd.counts() == ["sent": 1, "pending": 1])
        #expect(try !outboxd.command("check").output.contains("totals"))
        try outboxd.sql("UPDATE outboxd_totals SET number = 99 WHERE key = 'sent'")
        #expect(
            try outboxd.command("check").output.contains("the totals that `status` shows are not"))
        #expect(
            try outboxd.command("migrate").output.contains("counted the rows that have ended anew"))
        #expect(try !outboxd.command("check").output.contains("totals"))
        let missing = try outboxd.command("prune")
        #expect(missing.exit == .code(64))
    }

    @Test func `prune takes a selection, of what has ended alone`() throws {
        let relay = try ScriptedRelay(rules: [.refuse(recipient: "bad@example.test")])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        let ids = try outboxd.insert(
            Row(conversation: "a", instant: true),
            Row(to: "bad@example.test", conversation: "b", instant: true),
            Row(to: "bad@example.test", conversation: "c", helpdesk: "h2", instant: true),
            Row(conversation: "d", helpdesk: "h2", instant: true))
        try outboxd.command("drain")
        let waiting = try outboxd.insert(Row(conversation: "e", helpdesk: "h2"))
        try outboxd.sql(
            "UPDATE outboxd_rows SET finished_at = finished_at - 86400000 WHERE id <> \(ids[3])")
        let failed = ["prune", "--older-than", "1h", "--state", "failed"]
        let dry = try outboxd.run(failed + ["--helpdesk", "h2", "--dry-run"])
        #expect(dry.output.hasPrefix("1 row that ended before "), "\(dry)")
        #expect(try outboxd.run(failed + ["--helpdesk", "h2"]).output == "1 row deleted\n")
        #expect(
            try outboxd.run(["prune", "--older-than", "1h", "--helpdesk", "h2"]).exit == .code(0))
        let left = try outboxd.values("SELECT id FROM outbox ORDER BY id")
        #expect(left == [ids[0], ids[1], ids[3], waiting[0]].map { String($0) })
        #expect(
            try outboxd.run(["prune", "\(ids[0])", "--older-than", "1h"]).output
                == "1 row deleted\n")
        let pending = try outboxd.run(["prune", "--older-than", "1h", "--state", "pending"])
        #expect(pending.exit == .code(64))
        #expect(try !outboxd.command("check").output.contains("totals"))
    }
}
