import Delivery
import Foundation
import SQLite
@testable import Store
import TestSupport
import Testing

struct ListTests {
    private static let keys: Set = [
        "id", "helpdesk_id", "conversation_id", "message_id", "audience", "recipient_email",
        "state", "reason", "uncertain", "attempts", "created_at", "due_at", "sent_at",
        "email_message_id", "last_error",
    ]

    @Test func `Nothing is an empty array, and a sentence`() throws {
        let outbox = try Outbox()
        #expect(try outbox.list().isEmpty)
        #expect(try outbox.run("list", "--json").output == "[]\n")
        #expect(try outbox.run("list").output == "no row matches\n")
    }

    @Test func `A failed row has exactly the named keys, and its error`() throws {
        let outbox = try Outbox()
        try outbox.add(message: "m1")
        let reply = SMTPReply(
            code: 550, enhanced: EnhancedStatusCode(5, 1, 1), text: "5.1.1 no such user")
        try outbox.finish(
            .failed(.rejected), error: DeliveryError(stage: .rcpt, reply: reply))
        let row = try #require(try outbox.list().first)
        #expect(Set(row.keys) == Self.keys)
        #expect(row["state"] as? String == "failed" && row["reason"] as? String == "rejected")
        #expect(row["uncertain"] as? Bool == false && row["attempts"] as? Int == 1)
        #expect(row["due_at"] as? Int64 == (outbox.now - .seconds(60)).milliseconds)
        #expect(row["email_message_id"] as? String == "<1@acme.test>")
        let error = try #require(row["last_error"] as? [String: Any])
        #expect(Set(error.keys) == ["stage", "code", "enhanced", "text"])
        #expect(error["stage"] as? String == "rcpt" && error["code"] as? Int == 550)
        #expect(error["enhanced"] as? String == "5.1.1")
        let table = try outbox.run("list").output
        #expect(table.contains("failed: rejected"))
        #expect(table.contains("rcpt: 550 5.1.1 no such user"))
    }

    @Test func `uncertain is a boolean, and true where it is`() throws {
        let outbox = try Outbox()
        try outbox.add()
        try outbox.finish(.uncertain(dueAt: nil, frozen: nil))
        let text = try outbox.run("list", "--json", "--reason", "uncertain").output
        #expect(text.contains(#""reason": "uncertain", "uncertain": true"#))
        #expect(try outbox.run("list").output.contains("pending: uncertain  "))
    }

    @Test func `A row that never reached the relay has an error without a stage`() throws {
        let outbox = try Outbox()
        try outbox.add(to: "nobody")
        try outbox.ingest()
        let row = try #require(try outbox.list("--reason", "invalid_address").first)
        let error = try #require(row["last_error"] as? [String: Any])
        #expect(error["stage"] is NSNull && error["code"] is NSNull && error["enhanced"] is NSNull)
        #expect(error["text"] as? String == "recipient_email: is no address")
    }

    @Test func `What rows say can't reach the terminal's controls`() throws {
        let outbox = try Outbox()
        let hostile = "c\u{1B}]0;x\u{07}\n\u{202E}\u{9B}31m\"\\/"
        try outbox.add(conversation: hostile)
        let table = try outbox.run("list").output
        let json = try outbox.run("list", "--json").output
        for scalar in (table + json).unicodeScalars {
            let isHarmless = scalar == "\n" || (0x20..<0x7F).contains(scalar.value)
            #expect(isHarmless, "U+\(String(scalar.value, radix: 16))")
        }
        #expect(table.split(separator: "\n").count == 2)
        #expect(try outbox.list().first?["conversation_id"] as? String == hostile)
        #expect(try outbox.list("--conversation", hostile).count == 1)
    }

    @Test func `Newest first, so many, and a word where there are more`() throws {
        let outbox = try Outbox()
        for _ in 1...105 { try outbox.add() }
        #expect(try outbox.list("--limit", "3").map { $0["id"] as? Int } == [105, 104, 103])
        #expect(try outbox.list().count == 105)
        let table = try outbox.run("list")
        #expect(table.output.split(separator: "\n").count == 101)
        #expect(table.errors.contains("more than these 100 rows"))
        let all = try outbox.run("list", "--limit", "105")
        #expect(all.output.split(separator: "\n").count == 106 && all.errors.isEmpty)
    }

    @Test(arguments: [
        (["--state", "open"], "pending, sending, sent, skipped, failed"),
        (["--reason", "broken"], "hold, queued, deferred, paused"), (["--limit", "0"], "from 1"),
        (["--limit", "many"], "from 1"), (["--helpdesk", ""], "must not be empty"),
        (["--colour"], "unknown option"), (["seven"], "neither a row id nor a Message-ID"),
    ])
    func `A wrong word is a usage error that names the right ones`(
        arguments: [String], hint: String
    ) throws {
        let result = try OutboxdBinary.run(["list"] + arguments)
        #expect(result.exit == .code(64) && result.isOneComplaint)
        #expect(result.errors.contains(hint))
    }

    // MARK: Speed

    @Test(arguments: [
        OutboxView.Filter(states: [.pending]), .init(states: [.sending, .pending]),
        .init(reasons: ["uncertain"]), .init(reasons: ["hold", "relay"]),
        .init(states: [.pending], helpdeskID: "h1", recipient: "ann@example.test"),
    ])
    func `Open work is found without a look at finished rows`(
        filter: OutboxView.Filter
    ) throws {
        let outbox = try Outbox()
        try outbox.add()
        try outbox.finish(.sent)
        for query in outbox.reader.queries(filter, try outbox.reader.start()) {
            let plan = try outbox.connection.statement("EXPLAIN QUERY PLAN \(query.sql)")
                .all { $0.text(3) }
            let isOnOpenMails = plan.contains { $0.contains("INDEX outboxd_mails_open") }
            let isBehindNewest = plan.contains { $0.contains("INTEGER PRIMARY KEY (rowid>") }
            let isPutOff = plan.contains {
                $0.contains("SEARCH o USING INTEGER PRIMARY KEY (rowid=?)")
            }
            #expect(isOnOpenMails || isBehindNewest || isPutOff, "\(plan)")
        }
    }

    @Test func `200,000 finished rows do not slow down the search for open ones`() throws {
        let outbox = try Outbox()
        try outbox.connection.execute(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
            INSERT INTO outbox (id, helpdesk_id, conversation_id, message_id, recipient_email,
                body_text, created_at)
            SELECT i, 'h1', 'c' || i, 'm' || i, 'ann@example.test', 'text', 1795374651000 FROM n;
            INSERT INTO outboxd_mails (id, helpdesk_id, conversation_id, recipient, audience, phase,
                due_at)
            SELECT id, helpdesk_id, conversation_id, recipient_email, audience, 2, created_at
            FROM outbox;
            INSERT INTO outboxd_rows (id, mail_id, state, due_at, sent_at)
            SELECT id, id, 2, 1795374651000, 1795374651000 FROM outbox;
            """)
        try outbox.add(conversation: "open")
        try outbox.ingest()
        try outbox.add(conversation: "new")
        var fastest = Duration.seconds(60)
        for _ in 1...5 {
            let clock = ContinuousClock()
            try fastest = min(
                fastest,
                clock.measure {
                    let rows = try outbox.reader.list(
                        .init(states: [.pending]), limit: 100, at: outbox.now)
                    #expect(rows.map(\.conversationID) == ["new", "open"])
                })
        }
        #expect(fastest < .milliseconds(200))
    }
}
