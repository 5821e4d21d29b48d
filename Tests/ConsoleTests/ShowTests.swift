import Foundation
import Delivery
import SQLite
import Store
import TestSupport
import Testing

struct ShowTests {
    private func deferTwice(_ outbox: Outbox) throws {
        try outbox.add(message: "m1")
        try outbox.add(message: "m2")
        let busy = SMTPReply(code: 451, enhanced: EnhancedStatusCode(4, 3, 0), text: "try later")
        try outbox.finish(
            .deferred(dueAt: outbox.now, expired: []),
            error: DeliveryError(stage: .rcpt, reply: busy), at: outbox.now - .seconds(30))
        try outbox.finish(
            .sent, reply: SMTPReply(code: 250, text: "queued as 4711"), at: outbox.now)
    }

    @Test func `The whole story, as JSON`() throws {
        let outbox = try Outbox()
        try deferTwice(outbox)
        let story = try #require(try outbox.json("show", "1") as? [String: Any])
        #expect(story["state"] as? String == "sent" && story["attempts"] as? Int == 2)
        let mail = try #require(story["mail"] as? [String: Any])
        #expect(mail["other_rows"] as? [Int] == [2])
        #expect(mail["sender"] as? String == "support@acme.test")
        let history = try #require(story["history"] as? [[String: Any]])
        #expect(history.map { $0["outcome"] as? String } == ["deferred", "sent"])
        #expect(history.map { $0["stage"] as? String } == ["rcpt", "final"])
        #expect(history.map { $0["code"] as? Int } == [451, 250])
        #expect(history.map { $0["counted"] as? Bool } == [true, true])
        #expect(history.map { $0["duration"] as? Int } == [35, 35])
        #expect(history.map { $0["relay"] as? String ?? "" }.allSatisfy { $0.hasPrefix("relay.") })
        #expect(history[0]["text"] as? String == "try later")
    }

    @Test func `The whole story, for people, without the message's text`() throws {
        let outbox = try Outbox()
        try deferTwice(outbox)
        let text = try outbox.run("show", "1").output
        for part in [
            "row 1\n", "rcpt: 451 4.3.0 try later", "final: 250 queued as 4711",
            "with          row 2 (sent)", "message id    <1@acme.test>", "12 characters, not shown",
            "in 35 ms, after 2 s in the queue and 120 ms of connecting",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        #expect(!text.contains("secret words"))
        #expect(try !outbox.run("show", "1", "--json").output.contains("secret words"))
    }

    @Test func `A row that nobody has ingested has no mail yet`() throws {
        let outbox = try Outbox()
        try outbox.add()
        #expect(try outbox.run("show", "1").output.contains("no outboxd has taken the row in"))
        let story = try #require(try outbox.json("show", "1") as? [String: Any])
        #expect(story["mail"] is NSNull && (story["history"] as? [Any])?.isEmpty == true)
    }

    /// Longer than what is read of a row that is mailed.
    @Test(arguments: [
        "recipient_name", "author_name", "subject", "body_text", "attachments", "page_url",
        "unsubscribe_url", "in_reply_to", "locale", "traceparent",
    ])
    func `a row with one long text has its story, too`(_ column: String) throws {
        let outbox = try Outbox()
        try outbox.add()
        // A connection of outboxd's binds no such value.
        let server = try Connection(path: outbox.path, mode: .readWrite)
        try server.execute("UPDATE outbox SET \(column) = hex(zeroblob(1500000)) WHERE id = 1")
        let length = try server.statement("SELECT length(\(column)) FROM outbox").first {
            $0.int(0)
        }
        #expect(length == 3_000_000)
        for arguments in [["show", "1"], ["show", "1", "--json"]] {
            let result = try OutboxdBinary.run(
                arguments, environment: ["OUTBOXD_DATABASE": outbox.path])
            #expect(result.exit == .code(0), "\(result.errors)")
            #expect(result.output.utf8.count < 300_000)
        }
    }

    @Test func `An attempt in a mail that became part of another is not lost`() throws {
        let outbox = try Outbox()
        try deferTwice(outbox)
        try outbox.connection.execute(
            """
            INSERT INTO outboxd_mails (id, helpdesk_id, conversation_id, recipient, audience, due_at)
            VALUES (99, 'h1', 'c1', 'ann@example.test', 'visitor', 0);
            UPDATE outboxd_rows SET mail_id = 99 WHERE id = 2;
            """)
        let story = try #require(try outbox.reader.story(of: 2, at: outbox.now))
        #expect(story.attempts.map(\.outcome) == ["deferred", "sent"])
        #expect(story.mail?.id == 99)
    }

    @Test func `How far the recipient has read is shown`() throws {
        let outbox = try Outbox()
        try outbox.add()
        let time = (outbox.now - .seconds(10)).milliseconds
        try outbox.connection.execute(
            "INSERT INTO read_markers VALUES ('h1', 'c1', ' Ann@example.test', \(time))")
        #expect(try outbox.run("show", "1").output.contains("this reply was read"))
    }

    @Test func `An unknown id is bad data, a wrong one bad usage`() throws {
        let outbox = try Outbox()
        let unknown = try outbox.run("show", "7")
        #expect(unknown.exit == .code(65) && unknown.isOneComplaint)
        #expect(unknown.errors.contains("there is no row 7"))
        for arguments in [["show"], ["show", "x"], ["show", "1", "2"], ["show", "0"]] {
            let result = try OutboxdBinary.run(
                arguments, environment: ["OUTBOXD_DATABASE": outbox.path])
            #expect(result.exit == .code(64) && result.isOneComplaint, "\(arguments)")
        }
    }

    /// Nobody is told of what will not happen.
    @Test func `What was read, cancelled or suppressed meanwhile is skipped next`() throws {
        let outbox = try Outbox()
        try outbox.add(message: "m1")
        try outbox.finish(.deferred(dueAt: outbox.now + .seconds(60), expired: []))
        #expect(try outbox.run("show", "1").output.contains("it is tried again in "))
        func next() throws -> String { try outbox.run("show", "1").output }
        try outbox.connection.execute(
            "INSERT INTO suppressions (helpdesk_id, address, reason, created_at) SELECT '', recipient_email, 'asked', 1 FROM outbox"
        )
        #expect(try next().contains("nothing: its address gets no mail"))
        try outbox.connection.execute(
            """
            DELETE FROM suppressions;
            INSERT INTO read_markers (helpdesk_id, conversation_id, reader_email, last_read_at)
            SELECT helpdesk_id, conversation_id, recipient_email, created_at FROM outbox
            """)
        #expect(try next().contains("nothing: its recipient has read it, and it is skipped"))
        try outbox.connection.execute(
            "DELETE FROM read_markers; UPDATE outbox SET cancelled_at = 1")
        #expect(try next().contains("nothing: it was cancelled, and it is skipped"))
    }

    /// What outboxd notes follows from the attempt of the same moment.
    @Test func `A retried row tells its failure behind the attempt that it was`() throws {
        let outbox = try Outbox()
        try outbox.add(message: "m1")
        let no = SMTPReply(code: 550, enhanced: EnhancedStatusCode(5, 7, 1), text: "no")
        try outbox.finish(.failed(.rejected), error: DeliveryError(stage: .rcpt, reply: no))
        #expect(try outbox.run("retry", "1").exit == .code(0))
        let text = try outbox.run("show", "1").output
        let attempt = try #require(text.range(of: "550 5.7.1 no"))
        let ending = try #require(text.range(of: "failed (rejected)\n"))
        #expect(attempt.lowerBound < ending.lowerBound, "\(text)")
    }
}
