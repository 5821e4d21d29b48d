import Delivery
import SQLite
import TestSupport
import Testing

@testable import Store

/// Where the attempts of a mail stand, and that its story is the same wherever they do.
struct FirstAttemptTests {
    private let bed: SQLiteBed

    init() throws { bed = try SQLiteBed() }

    private func send(_ claim: Claim, at now: WallTime) throws {
        let finished = FinishedMail(
            mail: InFlightMail(claim), outcome: .sent,
            reply: SMTPReply(
                code: 250, enhanced: EnhancedStatusCode(2, 0, 0), text: "2.0.0 queued as 4711"),
            at: now, duration: .milliseconds(35), queued: .milliseconds(2_000),
            connecting: .milliseconds(120), relay: "relay.test[192.0.2.1]:25")
        #expect(try bed.store.finish([finished]).lost.isEmpty)
    }

    private func attempts(of id: Int64) throws -> [OutboxView.Attempt] {
        let reader = SQLiteReader(bed.sqlite.connection)
        return try #require(try reader.story(of: id, at: seconds(100))).attempts
    }

    private func keptApart() throws -> [String] {
        try bed.api("SELECT outcome FROM outboxd_attempts ORDER BY mail_id, number")
    }

    @Test func `a mail that is sent at once has its attempt in its own row`() throws {
        let (claim, ids) = try bed.claimOne(2)
        try send(claim, at: seconds(61))
        #expect(try keptApart() == [])
        let expected = OutboxView.Attempt(
            mailID: claim.mailID, number: 1, at: seconds(61), outcome: "sent", isCounted: true,
            rowIDs: ids, relay: "relay.test[192.0.2.1]:25", duration: .milliseconds(35),
            queued: .milliseconds(2_000), connecting: .milliseconds(120), stage: "final",
            code: 250, enhanced: "2.0.0", text: "2.0.0 queued as 4711")
        for id in ids { #expect(try attempts(of: id) == [expected]) }
    }

    @Test func `what was tried before has all its attempts together`() throws {
        let (claim, ids) = try bed.claimOne()
        try bed.finish(
            claim, .deferred(dueAt: seconds(70), expired: []), at: seconds(61), error: .later)
        try send(try #require(bed.claim(at: seconds(70)).claims.first), at: seconds(71))
        #expect(try keptApart() == ["deferred", "sent"])
        #expect(try attempts(of: ids[0]).map(\.number) == [1, 2])
        #expect(try bed.api("SELECT sent_at FROM outboxd_mails WHERE sent_at IS NOT NULL") == [])
    }

    /// The trace of the fault would be its second attempt otherwise.
    @Test func `a mail about which a statement has failed has them together, too`() throws {
        let (claim, ids) = try bed.claimOne()
        try bed.finish(claim, .faulty("trigger"), at: seconds(61))
        let again = try #require(bed.claim(at: seconds(400)).claims.first)
        try send(again, at: seconds(401))
        #expect(try attempts(of: ids[0]).map(\.outcome) == ["deferred", "sent"])
        #expect(try attempts(of: ids[0]).map(\.number) == [1, 2])
    }

    /// Some of its rows were in another mail before, and that one's attempts are found as well.
    @Test func `a row that has joined another mail keeps the attempts of both`() throws {
        let (claim, ids) = try bed.claimOne()
        try bed.finish(
            claim, .deferred(dueAt: seconds(70), expired: []), at: seconds(61), error: .later)
        try bed.api("UPDATE outboxd_rows SET mail_id = 77 WHERE id = \(ids[0])")
        try bed.api(
            """
            INSERT INTO outboxd_mails (id, helpdesk_id, conversation_id, recipient, audience, phase,
                due_at, attempts, sent_at, sent_relay)
            SELECT 77, helpdesk_id, conversation_id, recipient, audience, 2, due_at, 1,
                \(seconds(90).milliseconds), 'relay'
            FROM outboxd_mails WHERE id = \(claim.mailID)
            """)
        try bed.api("UPDATE outboxd_rows SET state = 2, attempts = 2 WHERE id = \(ids[0])")
        #expect(try attempts(of: ids[0]).map(\.outcome) == ["deferred", "sent"])
    }
}
