import Delivery
import TestSupport
import Testing

/// "Whatever else is wrong costs only what it is about" (Contract.md, what the columns may hold).
struct HostileRowTests {
    /// What a mail can do without, as SQL.
    private static let columns = [
        "recipient_name", "author_name", "subject", "body_text", "attachments", "page_url",
        "unsubscribe_url", "in_reply_to", "locale", "traceparent",
    ]

    @Test(arguments: [
        "'x' || char(13, 10) || 'Bcc: eve@evil.test' || char(13, 10, 13, 10) || '.' || char(13, 10)",
        "CAST(x'FF00C3280D0A' AS TEXT)", "CAST(x'00' AS TEXT)", "''", "'[' || char(0)",
        "printf('%.*c', 200000, '[')", "1e999",
        "'<a@b> <c@d>'", "char(8238, 8232, 65279)",
    ])
    func `a row whose texts are hostile is sent, without what they are`(_ value: String) throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let ids = try outboxd.insert(
            Row(instant: true), Row(to: "ben@example.test", conversation: "c2", instant: true))
        let changes = Self.columns.map { "\($0) = \(value)" }.joined(separator: ", ")
        try outboxd.sql("UPDATE outbox SET \(changes) WHERE id = \(ids[0])")
        #expect(try outboxd.command("drain").exit == .code(0))
        #expect(try ids.map { try outboxd.status($0).summary } == ["sent", "sent"])
        let mails = outboxd.relay.mails
        #expect(mails.map(\.recipient).sorted() == ["ann@example.test", "ben@example.test"])
        for mail in mails {
            #expect(mail.header("Bcc") == nil && mail.header("From") != nil)
            #expect(!mail.data.contains(0))
        }
    }
}
