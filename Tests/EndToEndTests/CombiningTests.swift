import Delivery
import Foundation
import TestSupport
import Testing

/// "All unsent rows of the same helpdesk, conversation, recipient and audience go out as one mail
/// when the oldest of them … falls due, in `created_at` order, those still on hold included".
struct CombiningTests {
    @Test func `replies of one conversation go out as one mail, in their order`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let now = TestClock.wall.milliseconds
        let ids = try outboxd.insert(
            Row(body: "Third.", createdAt: now), Row(body: "First.", createdAt: now - 200),
            Row(body: "Second.", createdAt: now - 100))
        try outboxd.run()
        #expect(outboxd.relay.waitForMails(1))
        let mail = try #require(outboxd.relay.mails.first)
        let places = ["First.", "Second.", "Third."].map {
            mail.text.firstRange(of: $0)?.lowerBound
        }
        #expect(places.allSatisfy { $0 != nil })
        #expect(places.compactMap { $0 } == places.compactMap { $0 }.sorted())
        // The hold does not slide: the oldest decides.
        #expect(mail.mailAt.wall.milliseconds >= now - 200 + 300)
        for id in ids {
            #expect(try outboxd.status(id, after: "sent").emailMessageID == mail.messageID)
        }
        #expect(outboxd.relay.record.mailCount == 1)
    }

    /// "An instant row takes the held ones with it".
    @Test func `an instant reply takes the held ones with it`() throws {
        let outboxd = try Outboxd(["OUTBOXD_HOLD": "1h"])
        defer { outboxd.end() }
        try outboxd.run()
        let now = TestClock.wall.milliseconds
        let held = try outboxd.insert(Row(body: "Held.", createdAt: now))[0]
        #expect(try outboxd.status(held, after: "pending", "hold").summary == "pending/hold")
        try outboxd.insert(Row(body: "Instant.", instant: true, createdAt: now + 1))
        #expect(outboxd.relay.waitForMails(1))
        let text = try #require(outboxd.relay.mails.first).text
        #expect(text.contains("Held.") && text.contains("Instant."))
        #expect(try outboxd.status(held, after: "sent").summary == "sent")
    }

    @Test func `what differs in helpdesk, conversation, recipient or audience is not combined`()
        throws
    {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.insert(
            Row(), Row(conversation: "c2"), Row(to: "ben@example.test"),
            Row(audience: "operator"), Row(helpdesk: "h2"))
        try outboxd.run()
        #expect(try outboxd.wait(for: 5, "sent"))
        #expect(outboxd.relay.record.mailCount == 5)
    }

    /// "The same reply under two spellings of one address (case, white space) is one notification".
    @Test func `two spellings of one address get one mail with the reply once`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let ids = try outboxd.insert(
            Row(body: "Only once.", message: "same"),
            Row(to: "ANN@example.test ", body: "Only once.", message: "same"))
        try outboxd.run()
        #expect(try outboxd.wait(for: 2, "sent"))
        #expect(outboxd.relay.record.mailCount == 1)
        let body = try #require(outboxd.relay.mails.first).body
        // Once in the text and once in the HTML.
        #expect(body.components(separatedBy: "Only once.").count == 3)
        #expect(ids.count == 2)
    }

    /// "At most 100 in a mail".
    @Test func `more than a hundred replies take two mails`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let now = TestClock.wall.milliseconds - 1_000
        try outboxd.insert((0..<150).map { Row(body: "Reply \($0).", createdAt: now + Int64($0)) })
        try outboxd.run()
        #expect(try outboxd.wait(for: 150, "sent"))
        let mails = outboxd.relay.mails
        try #require(mails.count == 2)
        #expect(mails[0].text.contains("Reply 99.") && !mails[0].text.contains("Reply 100."))
        #expect(mails[1].text.contains("Reply 100.") && mails[1].text.contains("Reply 149."))
    }
}
