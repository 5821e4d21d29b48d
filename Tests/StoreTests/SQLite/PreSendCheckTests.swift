import Delivery
import SQLite
@testable import Store
import TestSupport
import Testing

/// What reaches a mail until its content is sent: each line of ``PreSendFacts``, and each as the API
/// server or an operator brings it about.
struct PreSendCheckTests {
    private static func claim(_ bed: SQLiteBed, rows: Int = 2) throws -> Claim {
        try bed.insert(rows)
        try bed.ingest()
        return try #require(try bed.claim(at: seconds(300)).claims.first)
    }

    private static func check(_ bed: SQLiteBed, _ ignored: [String: WallTime] = [:]) throws
        -> SQLitePreSendCheck
    {
        SQLitePreSendCheck(
            connection: try Database.open(path: bed.path, readOnly: true), ignoredPauses: ignored)
    }

    // MARK: The rule

    @Test func `the rule, line by line`() throws {
        let bed = try SQLiteBed()
        let mail = CheckedMail(try Self.claim(bed))
        let good = PreSendFacts(token: mail.token, standing: mail.rows)
        func result(
            copy: Bool = false, ignoring: [String: WallTime] = [:],
            _ change: (inout PreSendFacts) -> Void
        ) -> PreSendResult {
            var (facts, mail) = (good, mail)
            mail.isCopy = copy
            change(&facts)
            return facts.result(for: mail, ignoring: ignoring, at: seconds(300))
        }
        #expect(result { _ in } == .go)
        #expect(result { $0.token = nil } == .lost)
        #expect(result { $0.token = 0 } == .lost)
        #expect(result { $0.isPausedByAPI = true } == .paused)
        #expect(result(ignoring: ["": at(1), "h": at(1)]) { $0.isPausedByAPI = true } == .paused)
        #expect(result { $0.pauses = ["": at(1)] } == .paused)
        #expect(result { $0.pauses = ["h": at(1)] } == .paused)
        #expect(result(ignoring: ["h": at(1)]) { $0.pauses = ["h": at(1)] } == .go)
        // It was lifted, and set again.
        #expect(result(ignoring: ["h": at(1)]) { $0.pauses = ["h": at(2)] } == .paused)
        #expect(result(ignoring: ["h": at(1)]) { $0.pauses = ["": at(1), "h": at(1)] } == .paused)
        #expect(result { $0.isSuppressed = true } == .suppressed)
        #expect(result(copy: true) { $0.isSuppressed = true } == .suppressed)
        #expect(result { $0.readMarker = mail.oldestReplyAt } == .changed)
        #expect(result { $0.readMarker = mail.oldestReplyAt - .milliseconds(1) } == .go)
        #expect(result { $0.standing.removeLast() } == .changed)
        #expect(result(copy: true) { $0.readMarker = mail.oldestReplyAt } == .go)
        #expect(result(copy: true) { $0.readMarker = mail.newestReplyAt } == .changed)
        #expect(result(copy: true) { $0.standing.removeLast() } == .go)
        #expect(result(copy: true) { $0.standing = [] } == .changed)
        // Whoever owns it now is told the rest.
        #expect(result { ($0.token, $0.isPausedByAPI) = (0, true) } == .lost)
    }

    // MARK: What brings it about

    struct Event: Sendable, CustomTestStringConvertible {
        var sql: String
        var result: PreSendResult
        var testDescription: String { sql }

        init(_ sql: String, _ result: PreSendResult) {
            self.sql = sql
            self.result = result
        }
    }

    private static let events = [
        Event("DELETE FROM outbox WHERE message_id = 'c-m2'", .changed),
        Event("UPDATE outbox SET cancelled_at = 1 WHERE message_id = 'c-m1'", .changed),
        Event("INSERT INTO read_markers VALUES ('h', 'c', ' ANN@example.test', 4e12)", .changed),
        Event("INSERT INTO read_markers VALUES ('h', 'c', 'ben@example.test', 4e12)", .go),
        Event("INSERT INTO outboxd_pauses (helpdesk_id, paused_at) VALUES ('', 1)", .paused),
        Event("INSERT INTO outboxd_pauses (helpdesk_id, paused_at) VALUES ('h', 1)", .paused),
        Event("INSERT INTO outboxd_pauses (helpdesk_id, paused_at) VALUES ('other', 1)", .go),
        Event(
            "INSERT INTO helpdesks (id, name, from_address, paused) VALUES ('h', 'A', 'a@b.c', 1)",
            .paused),
        Event(
            "INSERT INTO helpdesks (id, name, from_address, paused) VALUES ('h', 'A', 'a@b.c', 0)",
            .go),
        Event(
            "INSERT INTO suppressions VALUES ('', 'ann@example.test', 'r', 1, NULL)", .suppressed),
        Event(
            "INSERT INTO suppressions VALUES ('h', 'ann@example.test', 'r', 1, 4e12)", .suppressed),
        Event("INSERT INTO suppressions VALUES ('h', 'ann@example.test', 'r', 1, 2)", .go),
        Event("INSERT INTO suppressions VALUES ('i', 'ann@example.test', 'r', 1, NULL)", .go),
        Event("INSERT INTO suppressions VALUES ('', 'ben@example.test', 'r', 1, NULL)", .go),
        Event("UPDATE outbox SET body_text = 'new', subject = 'new', instant = 1", .go),
        Event("UPDATE outbox SET helpdesk_id = 'x' WHERE message_id = 'c-m2'", .changed),
        Event("UPDATE outbox SET conversation_id = 'x' WHERE message_id = 'c-m2'", .changed),
        Event("UPDATE outbox SET message_id = 'x' WHERE message_id = 'c-m2'", .changed),
        Event("UPDATE outbox SET audience = 'operator' WHERE message_id = 'c-m2'", .changed),
        Event("UPDATE outbox SET recipient_email = 'x@y.z' WHERE message_id = 'c-m2'", .changed),
        Event("UPDATE outboxd_mails SET token = 1", .lost),
    ]

    @Test(arguments: events)
    func `what happens after the claim is seen`(event: Event) throws {
        let bed = try SQLiteBed()
        let mail = CheckedMail(try Self.claim(bed))
        let check = try Self.check(bed)
        #expect(try check.check(mail, at: seconds(300)) == .go)
        try bed.api(event.sql)
        #expect(try check.check(mail, at: seconds(300)) == event.result)
    }

    @Test func `a row whose bytes are no UTF-8 is the same row still`() throws {
        let bed = try SQLiteBed()
        try bed.insert(2)
        try bed.api("UPDATE outbox SET message_id = CAST(x'6dff' || id AS TEXT)")
        try bed.ingest()
        let mail = CheckedMail(try #require(try bed.claim(at: seconds(300)).claims.first))
        #expect(mail.rows.allSatisfy { $0.messageID.contains("\u{FFFD}") })
        let check = try Self.check(bed)
        #expect(try check.check(mail, at: seconds(300)) == .go)
        try bed.api("UPDATE outbox SET message_id = CAST(x'6eff' || id AS TEXT)")
        #expect(try check.check(mail, at: seconds(300)) == .changed)
    }

    @Test func `an id that came back with another row behind it is not sent`() throws {
        let bed = try SQLiteBed()
        let claim = try Self.claim(bed, rows: 1)
        let id = claim.rowIDs[0]
        try bed.delete(id)
        try bed.insert(TestRow("other").with { ($0.id, $0.to) = (id, "ben@example.test") })
        #expect(try Self.check(bed).check(CheckedMail(claim), at: seconds(300)) == .changed)
    }

    @Test func `a drain acts through the pauses that it knows, and no others`() throws {
        let bed = try SQLiteBed()
        let mail = CheckedMail(try Self.claim(bed))
        try bed.api("INSERT INTO outboxd_pauses (helpdesk_id, paused_at) VALUES ('h', 1)")
        let check = try Self.check(bed, ["h": WallTime(milliseconds: 1)])
        #expect(try check.check(mail, at: seconds(300)) == .go)
        try bed.api("INSERT INTO outboxd_pauses (helpdesk_id, paused_at) VALUES ('', 1)")
        #expect(try check.check(mail, at: seconds(300)) == .paused)
    }

    /// `abs` of the least integer raises, for this conversation alone.
    @Test func `a view that raises for one conversation costs its mail only`() throws {
        let bed = try SQLiteBed()
        try bed.api("DROP TABLE read_markers")
        try bed.api("CREATE TABLE shown (h, c, r, t)")
        try bed.api(
            """
            CREATE VIEW read_markers AS SELECT h AS helpdesk_id, c AS conversation_id,
                r AS reader_email, abs(t) AS last_read_at FROM shown
            """)
        try bed.insert(1)
        try bed.insert(1, conversation: "d")
        try bed.ingest()
        let claims = try bed.claim(at: seconds(300)).claims
        try bed.api(
            "INSERT INTO shown VALUES ('h', 'c', 'ann@example.test', -9223372036854775808)")
        let check = try Self.check(bed)
        for claim in claims {
            if claim.key.conversationID == "d" {
                #expect(try check.check(CheckedMail(claim), at: seconds(300)) == .go)
                continue
            }
            let error = #expect(throws: SQLiteError.self) {
                try check.check(CheckedMail(claim), at: seconds(300))
            }
            #expect(error?.isAboutTheStatement == true)
        }
        #expect(claims.count == 2)
    }
}
