import Delivery
import TestSupport

@testable import Mail

extension SplitMix64 {
    private static let addresses = [
        "jane@customer.test", "a@b", "\"a b,<c>@\\\"d\"@example.test", "o'brien+tag=x@example.test",
        String(repeating: "a", count: 64) + "@" + String(repeating: "label.", count: 30) + "test",
        "jörg@acme.test", "用户@例え.test",
    ]

    private mutating func address() throws -> EmailAddress {
        try EmailAddress(Self.addresses.randomElement(using: &self) ?? "a@b")
    }

    private mutating func url() -> String {
        let path = Bool.random(using: &self) ? text(upTo: 20) : String(repeating: "p", count: 880)
        return "https://acme.test/" + path
    }

    private mutating func attachments() -> AttachmentList {
        let count = Int.random(in: 0...3, using: &self)
        return AttachmentList(
            (0..<count).map { _ in
                Attachment(
                    name: text(upTo: 120), url: url(), size: .random(in: -9...99_999, using: &self))
            })
    }

    private mutating func reply() -> Reply {
        Reply(
            authorName: Bool.random(using: &self) ? text(upTo: 120) : nil,
            createdAt: WallTime(milliseconds: .random(in: .min ... .max, using: &self)),
            text: text(upTo: 600), attachments: attachments(), pageURL: url())
    }

    /// A mail of texts that nobody checked.
    mutating func mail() throws -> MailContent {
        MailContent(
            messageID: .make(
                mailID: .random(in: 1...999, using: &self), nonce: next(), domain: "acme.test"),
            date: WallTime(milliseconds: .random(in: 0...4_000_000_000_000, using: &self)),
            audience: Bool.random(using: &self) ? .visitor : .operator,
            from: Mailbox(name: text(upTo: 120), address: try address()),
            replyTo: Bool.random(using: &self) ? try address() : nil,
            to: Mailbox(name: text(upTo: 120), address: try address()),
            helpdeskID: text(upTo: 9), conversationID: text(upTo: 9),
            helpdeskName: Bool.random(using: &self) ? text(upTo: 120) : nil,
            subject: text(upTo: 300),
            conversationLink: url(),
            replies: (0...Int.random(in: 0...2, using: &self)).map { _ in reply() },
            allowedDomains: AllowedDomains(commaSeparated: "acme.test"),
            inReplyTo: Bool.random(using: &self) ? "<in@reply.test>" : text(upTo: 30),
            unsubscribeURL: url(),
            locales: [text(upTo: 5), Phrases.all.randomElement(using: &self)?.tag],
            brand: Brand(color: text(upTo: 8), logoURL: url(), footer: text(upTo: 500)))
    }
}
