/// The whole text/html part.
struct HTMLPage {
    private let body: MailBody
    private let title: [UInt8]
    /// What stands in its column.
    let content: HTMLPart

    init(_ body: MailBody) {
        self.body = body
        title = Self.title(body.subject)
        content = HTMLPart(body)
    }

    private static func title(_ subject: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(subject.utf8.count + 40)
        bytes.append(text: "<title>")
        bytes.append(escaping: subject)
        bytes.append(text: "</title>\n")
        return bytes
    }
}

extension HTMLPage: MailPart {
    func write(to writer: inout some PartWriter) {
        let frame = body.language.frame
        writer.append(frame.start)
        writer.append(title.span, 0..<title.count)
        if body.letterhead.words.logo != nil { writer.append(LogoStyle.head) }
        writer.append(frame.opening)
        content.write(to: &writer)
    }
}
