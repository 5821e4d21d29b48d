import Delivery
import Foundation
import SQLite
import TestSupport
import Testing

@testable import Console
@testable import Store

/// "0 while mail moves or none is due, else 1 and the cause in a line; costs the same on any table".
struct HealthTests {
    private static let now = WallTime(milliseconds: 1_795_859_220_000)  // 2026-11-28 09:47

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        /// Seconds ago.
        var due: Int64?
        var claimed: Int64?
        var paused: Int64?
        var silent: Int64?
        var restored: Int64?
        var isDown = false
        var isUnanswered = false
        var processes = 1
        var cause: HealthVerdict.Cause?
        var words: String
        var testDescription: String { name }
    }

    private static let cases = [
        Case(name: "nothing is due", words: "healthy: no mail is due"),
        Case(
            name: "nothing is due, whatever else", paused: 60, isDown: true, processes: 0,
            words: "healthy: no mail is due"),
        Case(name: "due just now", due: 1, words: "healthy: mail moves"),
        Case(
            name: "due just now, and nobody runs", due: 1, processes: 0, cause: .noProcess,
            words: "no outboxd is running, and mail is due since 09:46 UTC; start"),
        Case(
            name: "a process has died with it", claimed: 600, processes: 0, cause: .noProcess,
            words: "no outboxd is running, and mail is due since 09:37 UTC"),
        Case(name: "it is being sent", claimed: 600, words: "healthy: mail is being sent"),
        Case(
            name: "it is being sent, and the relay does not answer at once", claimed: 12,
            isUnanswered: true,
            words: "healthy so far, but the relay does not answer: greeting: no reply for 10 s"),
        Case(
            name: "the same, and more is due", due: 12, claimed: 12, isUnanswered: true,
            words: "healthy so far, but the relay does not answer: greeting: no reply for 10 s"),
        Case(
            name: "a silence that is over, since nothing is under way", isUnanswered: true,
            words: "healthy: no mail is due"),
        Case(
            name: "it is being sent, and the relay says nothing", claimed: 46, silent: 46,
            cause: .silent,
            words: "the relay has accepted none of the mails under way for 46 s"),
        Case(
            name: "the same, and what it is silent about is known", claimed: 46, silent: 46,
            isUnanswered: true, cause: .silent,
            words: "the relay does not answer: greeting: no reply for 10 s; none was accepted for "
                + "46 s"),
        Case(
            name: "restored, before all else", due: 400, paused: 7_200, restored: 60, isDown: true,
            processes: 0, cause: .restored,
            words:
                "the database was restored from an older state, noticed at 09:46 UTC: everything is "
                + "held, since some of it may have been sent; `outboxd resume --restored` lets"),
        Case(
            name: "restored, and nothing is due", restored: 60, cause: .restored,
            words: "the database was restored"),
        Case(
            name: "paused, before what follows", due: 400, paused: 7_200, isDown: true,
            processes: 0,
            cause: .paused,
            words: "everything is paused since 07:47 UTC, and mail is due since 09:40"),
        Case(
            name: "the relay is down", due: 400, claimed: 1, isDown: true, cause: .relay,
            words:
                "the relay is down since 07:47 UTC: connect: refused; mail is due since 09:40 UTC"),
        Case(
            name: "the relay is down, and all that is due is the mail that tries it", claimed: 1,
            isDown: true, cause: .relay,
            words: "the relay is down since 07:47 UTC: connect: refused; it is"),
        Case(name: "a backlog that moves", due: 9_000, claimed: 299, words: "healthy: mail moves"),
        Case(name: "almost too long", due: 300, words: "healthy: mail moves"),
        Case(
            name: "too long, with nothing claimed", due: 301, cause: .stuck,
            words: "mail is due since 09:41 UTC, and no outboxd has taken any up for 5 min"),
        Case(
            name: "too long, with the last claim long ago", due: 9_000, claimed: 301, cause: .stuck,
            words: "mail is due since 07:17 UTC, and no outboxd"),
    ]

    @Test(arguments: cases)
    func `the rule, line by line`(_ one: Case) {
        func ago(_ seconds: Int64?) -> WallTime? { seconds.map { Self.now - .seconds($0) } }
        let down = RelayStatus(
            state: .down, since: ago(7_200), error: DeliveryError(stage: .connect, text: "refused"))
        let silence = DeliveryError(stage: .greeting, text: "no reply for 10 s")
        let works = RelayStatus(state: .up, error: one.isUnanswered ? silence : nil)
        let health = OutboxView.Health(
            dueSince: ago(one.due), lastClaimAt: ago(one.claimed), pausedSince: ago(one.paused),
            relay: one.isDown ? down : works, silentSince: ago(one.silent),
            restoration: one.restored.map {
                OutboxView.Restoration(since: ago($0), sign: .newer, lastSentAt: nil)
            })
        let verdict = HealthVerdict(health, processes: one.processes, now: Self.now)
        #expect(verdict.cause == one.cause && verdict.text.hasPrefix(one.words), "\(verdict)")
    }

    @Test func `a table that is missing goes before all else`() {
        let health = OutboxView.Health(
            pausedSince: Self.now,
            restoration: .init(since: Self.now, sign: .newer, lastSentAt: nil),
            missingTable: "helpdesks")
        let verdict = HealthVerdict(health, processes: 1, now: Self.now)
        #expect(
            verdict.cause == .database && verdict.text.hasPrefix("there is no table helpdesks:"))
    }

    @Test(arguments: ["helpdesks", "read_markers", "suppressions", "outbox"])
    func `a table that somebody has renamed is missing`(_ table: String) throws {
        let outbox = try Outbox()
        #expect(try outbox.reader.health(at: outbox.now).missingTable == nil)
        try outbox.connection.execute("ALTER TABLE \(table) RENAME TO old")
        #expect(try outbox.reader.health(at: outbox.now).missingTable == table)
    }

    // MARK: What it is decided by

    @Test func `a row is due, taken in or not, and not while it is put off or its helpdesk is`()
        throws
    {
        let outbox = try Outbox()
        func due() throws -> WallTime? { try outbox.reader.health(at: outbox.now).dueSince }
        #expect(try due() == nil)
        try outbox.add(createdAt: outbox.now - .seconds(59))
        #expect(try due() == nil)
        try outbox.add(conversation: "c2", createdAt: outbox.now - .seconds(61))
        #expect(try due() == outbox.now - .seconds(1))
        try outbox.ingest()
        #expect(try due() == outbox.now - .seconds(1))
        // Parked as a whole: a helpdesk that is paused, or has no usable sender.
        try outbox.connection.execute("UPDATE outboxd_lines SET parked = 3")
        #expect(try due() == nil)
        let instant = try outbox.add(helpdesk: "h2", createdAt: outbox.now - .seconds(5))
        try outbox.connection.execute("UPDATE outbox SET instant = 1 WHERE id = \(instant)")
        #expect(try due() == outbox.now - .seconds(5))
        let later = (outbox.now + .seconds(60)).milliseconds
        try outbox.connection.execute(
            "UPDATE outbox SET not_before = \(later) WHERE id = \(instant)")
        #expect(try due() == nil)
        try outbox.ingest()
        #expect(try due() == nil)
        #expect(try outbox.reader.health(at: outbox.now + .seconds(61)).dueSince != nil)
    }

    @Test func `when the last mail was claimed, and since when everything is paused`() throws {
        let outbox = try Outbox()
        try outbox.add()
        try outbox.ingest()
        #expect(try outbox.reader.health(at: outbox.now).lastClaimAt == nil)
        _ = try outbox.claim()
        let health = try outbox.reader.health(at: outbox.now)
        #expect(health.lastClaimAt == outbox.now && health.pausedSince == nil)
        try outbox.store.pause(helpdesk: "h1", by: OperatorNote(who: "alice"), at: outbox.now)
        #expect(try outbox.reader.health(at: outbox.now).pausedSince == nil)
        try outbox.store.pause(helpdesk: "", by: OperatorNote(who: "alice"), at: outbox.now)
        #expect(try outbox.reader.health(at: outbox.now).pausedSince == outbox.now)
    }

    // MARK: The command

    @Test func `an exit code and a line, whatever the mail settings say`() throws {
        let outbox = try Outbox()
        let bad = ["OUTBOXD_SMTP_URL": "http://", "OUTBOXD_HOLD": "soon"]
        let good = try outbox.run("health", environment: bad)
        #expect(
            good.exit == .code(0) && good.output == "healthy: no mail is due\n"
                && good.errors.isEmpty)
        try outbox.add()
        let result = try outbox.run("health", environment: bad)
        #expect(result.exit == .code(1) && result.errors.isEmpty)
        #expect(result.output.hasPrefix("no outboxd is running, and mail is due since "))
        #expect(result.output.split(separator: "\n").count == 1)
        let json = try OutboxdBinary.run(
            ["health", "--json", "--database", outbox.path], environment: [:])
        #expect(json.exit == .code(1))
        let value = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
        #expect(
            Set(value?.keys.map { $0 } ?? []) == [
                "healthy", "cause", "text", "due_since", "processes",
            ])
        #expect(value?["healthy"] as? Bool == false && value?["cause"] as? String == "no_process")
        #expect(value?["processes"] as? Int == 0)
        #expect(value?["due_since"] as? Int64 == (outbox.now - .seconds(60)).milliseconds)
    }

    @Test func `a database that can't be read is ill health`() throws {
        let outbox = try Outbox()
        let text = try outbox.directory.write("This is no database, but a text.", to: "text.db")
        for path in ["/nowhere/o.db", text] {
            let result = try outbox.run("health", environment: ["OUTBOXD_DATABASE": path])
            #expect(result.exit == .code(1) && result.errors.isEmpty)
            #expect(result.output.contains(path) && result.output.split(separator: "\n").count == 1)
        }
        #expect(try outbox.run("health", "--config", "/nowhere/x.env").exit == .code(78))
    }
}
