import Delivery

@testable import Mail

/// What rows bring into a mail's header: it is read as it was meant, and no more than one field each.
///
/// The input's parts, with 0xFF between them: subject, name, address, Message-ID, link.
enum HeaderTarget: FuzzTarget {
    static let name = "header"
    static let longest = 2_000
    static let words = [
        "=?utf-8?q?", "=?", "?=", "_", "\r\n", "\r\nBcc: x@y.test\r\n", "\0", " ", "\t", "\"", "\\",
        "ü",
        "\u{1F468}\u{200D}\u{1F469}", "\u{2028}", "\u{202E}", "\u{301}", "日本語", "@", "<", ">",
        "https://", String(repeating: "x", count: 61),
    ]

    static func check(_ input: [UInt8]) throws(Broken) {
        let parts = input.split(separator: 0xFF, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        func part(_ index: Int) -> String? { index < parts.count ? parts[index] : nil }
        let address = part(2).flatMap { try? EmailAddress($0) }
        try checkSubject(part(0) ?? "")
        if let address { try checkMailbox(part(1), address) }
        if let id = part(3).flatMap({ MessageID($0) }) { try checkIdentifiers(id) }
        try checkMail(part, address)
    }

    private static func checkSubject(_ text: String) throws(Broken) {
        let value = OneLine.clean(text, limit: 250)
        try checkLine(value, limit: 250)
        var writer = HeaderWriter(capacity: 0)
        writer.unstructured("Subject: ", value)
        let field = writer.finish()
        let read = try HeaderReader.text(HeaderReader.value(field, "Subject: ", limit: 76))
        try demand(field.allSatisfy { $0 < 0x80 }, "a subject that is not ASCII")
        // What is seen as one may be two scalars or one: they are compared as octets.
        try demand(read.utf8.elementsEqual(value.utf8), "the subject is read as \(read)")
    }

    private static func checkLine(_ text: String, limit: Int) throws(Broken) {
        let scalars = text.unicodeScalars
        try demand(scalars.count <= limit, "a line of \(scalars.count) characters")
        try demand(!scalars.contains(where: AddressGrammar.isControl), "a line with controls")
        try demand(scalars.first != " " && scalars.last != " ", "a line with spaces at its ends")
    }

    private static func checkMailbox(_ name: String?, _ address: EmailAddress) throws(Broken) {
        let mailbox = Mailbox(name: name, address: address)
        var writer = HeaderWriter(capacity: 0)
        writer.mailbox("From: ", mailbox)
        let value = try HeaderReader.value(writer.finish(), "From: ", limit: 998)
        guard let name = mailbox.name else {
            return try demand(value == address.description, "the mailbox is read as \(value)")
        }
        try checkLine(name, limit: 100)
        let end = " <\(address)>"
        let last = value.utf8.suffix(end.utf8.count)
        try demand(
            last.elementsEqual(end.utf8), "the mailbox does not end in its address: \(value)")
        let phrase = String(decoding: value.utf8.dropLast(end.utf8.count), as: UTF8.self)
        try demand(phrase.utf8.allSatisfy { $0 < 0x80 }, "a name that is not ASCII")
        let read = try HeaderReader.phrase(phrase)
        try demand(read.utf8.elementsEqual(name.utf8), "the name is read as \(read)")
    }

    private static func checkIdentifiers(_ id: MessageID) throws(Broken) {
        var writer = HeaderWriter(capacity: 0)
        let anchor = ConversationAnchor(helpdesk: "acme", conversation: "c", domain: "acme.test")
        writer.thread(anchor, inReplyTo: id)
        let lines = writer.finish()
        let written = "<\(id)>"
        let first = Array("In-Reply-To: \(written)\r\n".utf8)
        try demand(lines.starts(with: first), "In-Reply-To is another")
        let value = try HeaderReader.value(
            Array(lines.dropFirst(first.count)), "References: ", limit: 998)
        let both = String(decoding: anchor.octets, as: UTF8.self) + " " + written
        try demand(value == both, "ids: \(value)")
        try demand(
            id.description.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "an id that is not ASCII"
        )
    }

    /// The header of a mail with all of it.
    private static func checkMail(
        _ part: (Int) -> String?, _ address: EmailAddress?
    ) throws(Broken) {
        guard let to = address ?? (try? EmailAddress("ann@example.test")),
            let id = MessageID("1.2@acme.test")
        else { throw Broken("no sample") }
        let mail = MailComposer.compose(
            MailContent(
                messageID: id, date: WallTime(milliseconds: 1_780_000_000_000),
                from: Mailbox(address: to), to: Mailbox(name: part(1), address: to),
                helpdeskID: part(3) ?? "", conversationID: part(0) ?? "", helpdeskName: part(1),
                subject: part(0),
                replies: [
                    Reply(
                        authorName: part(1), createdAt: WallTime(milliseconds: 0), text: "x",
                        isCut: false, attachments: .empty, pageURL: part(4))
                ], inReplyTo: part(3), unsubscribeURL: part(4), locales: [part(4)]))
        try demand(mail.needsSMTPUTF8 == !to.isASCII, "needsSMTPUTF8 is wrong")
        try demand(!mail.bytes.contains(0), "a NUL")
        try demand(mail.needsSMTPUTF8 || mail.bytes.allSatisfy { $0 < 0x80 }, "not ASCII")
        let lines = try MIMEReader.lines(of: mail.bytes, limit: 998)
        let header = lines.prefix { !$0.isEmpty }.filter { $0.first != 0x20 }
        let names = header.map { String(decoding: $0.prefix { $0 != 0x3A }, as: UTF8.self) }
        try demand(Set(names).count == names.count, "a field stands twice: \(names)")
        try demand(Set(names).isSubset(of: fields), "fields that nobody has meant: \(names)")
    }

    private static let fields: Set<String> = [
        "Date", "From", "To", "Subject", "Message-ID", "In-Reply-To", "References",
        "Auto-Submitted", "X-Auto-Response-Suppress", "List-Id", "Feedback-ID",
        "Content-Language", "List-Unsubscribe", "List-Unsubscribe-Post", "MIME-Version",
        "Content-Type",
    ]
}
