import TestSupport
import Testing

/// "Two mails of the same conversation and recipient never overtake each other".
struct OrderTests {
    @Test func `a mail under way holds back the next one of its conversation`() throws {
        let gate = Gate()
        let relay = try ScriptedRelay(rules: [.at(recipient: "ann@example.test", .hold(gate))])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        try outboxd.run()
        // A first success: until then one connection alone is used.
        try outboxd.insert(Row(to: "cem@example.test", conversation: "c3", instant: true))
        #expect(relay.waitForMails(1))
        let first = try outboxd.insert(Row(body: "First.", instant: true))[0]
        #expect(gate.waitForArrivals())
        let second = try outboxd.insert(Row(body: "Second.", instant: true))[0]
        // One of another conversation goes: it is the order that holds the second back.
        try outboxd.insert(Row(to: "ben@example.test", conversation: "c2", instant: true))
        try #require(relay.waitForMails(2))
        #expect(relay.mails.map(\.recipient) == ["cem@example.test", "ben@example.test"])
        #expect(try outboxd.status(second).state == "pending")
        gate.open()
        #expect(relay.waitForMails(4))
        #expect(try outboxd.status(first, after: "sent").summary == "sent")
        let texts = relay.mails.filter { $0.recipient == "ann@example.test" }.map(\.text)
        try #require(texts.count == 2)
        #expect(texts[0].contains("First.") && texts[1].contains("Second."))
    }

    @Test func `a newer reply does not overtake one that is put off, it joins it`() throws {
        let relay = try ScriptedRelay(rules: [.greylist()])
        let outboxd = try Outboxd(
            ["OUTBOXD_RETRY_BASE": "2s", "OUTBOXD_RETRY_CAP": "2s"], relay: relay)
        defer { outboxd.end() }
        try outboxd.run()
        let first = try outboxd.insert(Row(body: "First.", instant: true))[0]
        #expect(try outboxd.status(first, after: "pending", "deferred").attempts == 1)
        try outboxd.insert(Row(body: "Second.", instant: true))
        #expect(relay.waitForMails(1))
        let text = try #require(relay.mails.first).text
        #expect(text.contains("First.") && text.contains("Second."))
        #expect(try outboxd.wait(for: 2, "sent"))
        #expect(relay.record.mailCount == 1)
    }
}
