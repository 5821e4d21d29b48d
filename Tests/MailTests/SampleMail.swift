import Delivery

@testable import Mail

/// A mail like most, to be changed in one place by a test.
func sampleMail(
    to address: String = "jane@customer.test", replies: [Reply]? = nil
) throws -> MailContent {
    MailContent(
        messageID: .make(mailID: 1, nonce: 0xABCD, domain: "acme.test"),
        date: WallTime(milliseconds: 1_795_369_265_000),
        from: Mailbox(name: "Acme Support", address: try EmailAddress("support@acme.test")),
        replyTo: try EmailAddress("reply+c42@acme.test"),
        to: Mailbox(name: "Jane Doe", address: try EmailAddress(address)),
        helpdeskID: "acme", conversationID: "c-42", helpdeskName: "Acme Support",
        subject: "Export stops", conversationLink: "https://acme.test/help/c-42",
        replies: replies ?? [
            Reply(
                authorName: "Anna Berg", createdAt: WallTime(milliseconds: 1_795_369_200_000),
                text: "Hello Jane,\n\n1 < 2 & \"so\" on.")
        ],
        inReplyTo: "<in@customer.test>", unsubscribeURL: "https://acme.test/u/1")
}

extension ComposedMail {
    var text: String { String(decoding: bytes, as: UTF8.self) }
    /// The header's lines, unfolded.
    var header: [String] {
        let header = text.split(separator: "\r\n\r\n", maxSplits: 1).first ?? ""
        return header.split(separator: "\r\n ").joined(separator: " ")
            .split(separator: "\r\n").map(String.init)
    }

    func values(_ name: String) -> [String] {
        header.filter { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
    }
}
