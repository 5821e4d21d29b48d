/// The text/html part, with LF at line ends: what the text part says.
///
/// A paragraph or a list says in which direction it runs where that is not the mail's (``TextDirection``). A name does,
/// too, or it would turn what stands beside it: with `dir`, since most clients drop `bdi`
/// (<https://www.caniemail.com/features/html-bdi/>).
struct HTMLPart {
    /// Octets of a whole part, as it is.
    ///
    /// Gmail shows some 102 kB and hides the rest, the button and the link to unsubscribe with it
    /// (<https://github.com/hteumeuleu/email-bugs/issues/41>; some have seen it at 99). What is left is for what relays add.
    static let maximumLength = 96_000

    private let body: MailBody
    /// What is the mail's own: its title, its replies, its link, and the end of the footer.
    private var bytes: [UInt8] = []
    private var titleEnd = 0
    private var repliesEnd = 0
    private var linkEnd = 0
    private var hosts: InternationalHosts
    /// Of what stands within the frame.
    private(set) var contentSize = PartSize()

    init(_ body: MailBody) {
        self.body = body
        hosts = InternationalHosts(body.toASCII)
        bytes.reserveCapacity(body.replies.reduce(1_000) { $0 + $1.text.bytes.count + 600 })
        append("<title>")
        bytes.append(escaping: body.subject)
        append("</title>\n")
        titleEnd = bytes.count
        // With more it is too long anyway.
        for (index, reply) in body.replies.enumerated() where bytes.count <= Self.maximumLength {
            let saysSo = !body.isFurtherOmission(index)
            if index > 0, saysSo { append(Self.rule) }
            append(reply, saysCut: reply.text.isCut && saysSo)
        }
        repliesEnd = bytes.count
        if let link = body.link {
            bytes.append(escaping: link.description)
            append("\"\n")
        }
        linkEnd = bytes.count
        appendUnsubscribe()
        append("</p>\n")
        var size = PartSize()
        writeContent(to: &size)
        contentSize = size
    }

    /// Octets, as it is.
    var length: Int {
        let logo = body.letterhead.words.logo == nil ? 0 : LogoStyle.head.size.total
        return body.language.frame.length + logo + contentSize.total
    }

    /// As many of its octets become two on the way.
    var lineBreaks: Int { octets.count { $0 == 0x0A } }

    private mutating func append(_ text: String) { bytes.append(text: text) }

    private static let rule = "<hr class=\"s\" style=\"\(HTMLStyle.rule)\">\n"
    private static let author = HTMLStyle.quiet + "<strong>"
    /// With a mark, and without.
    private static let entries = [120, 0].map { HTMLStyle.entries(side: "left", mark: $0) }
    private static let turnedEntries = [120, 0].map { HTMLStyle.entries(side: "right", mark: $0) }
    private static let files = HTMLStyle.files(side: "left")
    private static let turnedFiles = HTMLStyle.files(side: "right")
    private static let columnsOfEntry = ";\(HTMLStyle.columns)\">"
    private static let code = " style=\"\(HTMLStyle.code)\">"

    // MARK: Replies

    /// Characters; behind them are mostly the marks of campaigns.
    ///
    /// The text part has all.
    private static let mostOfPage = 100

    /// The words first: they are what a list of mails shows.
    private mutating func append(_ reply: MailBody.ReplyText, saysCut: Bool) {
        if !reply.text.bytes.isEmpty { appendText(reply.text.bytes) }
        if saysCut { appendQuiet(body.cut) }
        append(reply.attachments)
        append(Self.author)
        append(reply.author)
        append("</strong>")
        if let time = reply.time {
            append(body.replies.count > 1 ? " · " : "<br>")
            bytes.append(escaping: time.span, 0..<time.count)
        }
        if let page = reply.page {
            append("<br>")
            appendPhrase(body.language.phrases.writtenFrom) {
                $0.appendLink(page, text: OneLine.clean(page.description, limit: Self.mostOfPage))
            }
        }
        append("</p>\n")
    }

    /// Nobody says in which language people write: the mail's is that of its phrases.
    private mutating func appendText(_ text: [UInt8]) {
        let isMarked = !keepsLanguage(text)
        if isMarked { append("<div lang=\"\">") }
        appendBlocks(of: text)
        if isMarked { append("</div>\n") }
    }

    /// Chinese, Japanese and Korean write the same characters in other forms, which go by the language.
    private func keepsLanguage(_ text: [UInt8]) -> Bool {
        switch body.language.phrases.tag {
        case "ja", "ko", "zh-Hans": text.contains { (0xE3...0xE9).contains($0) }
        default: false
        }
    }

    private mutating func appendBlocks(of text: [UInt8]) {
        let blocks = TextBlock.blocks(of: text)
        let turns = turns(blocks, of: text)
        for (index, block) in blocks.enumerated() {
            let isTurned = turns?[index] ?? false
            switch block {
            case .paragraph(let lines, let emptyLines):
                appendStart("<p", isTurned: isTurned)
                let isTight =
                    emptyLines == 0 && index + 1 < blocks.count && blocks[index + 1].isList
                append(start(of: lines, in: text, isTight: isTight))
                for (number, line) in lines.enumerated() {
                    if number > 0 { append("<br>") }
                    appendLine(line, of: text, isTurned: isTurned)
                }
                for _ in 0..<max(0, min(20, emptyLines - 1)) { append("<br>") }
                append("</p>\n")
            case .list(let lines, let emptyLines):
                let isApart = emptyLines > 0 || index == blocks.count - 1
                appendStart("<div", isTurned: isTurned)
                append(" style=\"margin:0 0 \(isApart ? 16 : 0)px\">\n")
                for line in lines { appendEntry(line, of: text, isTurned: isTurned) }
                append("</div>\n")
            case .code(let range, _):
                appendStart("<pre", isTurned: false)
                append(Self.code)
                bytes.append(linking: text, range, breaks: "\n", hosts: &hosts)
                append("</pre>\n")
            }
        }
    }

    /// What hangs behind its mark, or a line that goes on with it and hangs behind its own indent.
    private mutating func appendEntry(_ line: Range<Int>, of text: [UInt8], isTurned: Bool) {
        let mark = ListMark(text[line])
        let starts = (isTurned ? Self.turnedEntries : Self.entries)[mark == nil ? 1 : 0]
        append(starts[min(indent(of: line, in: text), starts.count - 1)])
        let written = (mark?.range.upperBound ?? line.lowerBound)..<line.upperBound
        let isTabbed = text[line].first == 0x09
        append(isTabbed || hasColumns(written, of: text) ? Self.columnsOfEntry : "\">")
        // A tab behind the mark is as wide as eight spaces.
        if let mark, text[mark.range].contains(0x09) {
            let end =
                mark.range.upperBound - text[mark.range].reversed().prefix { $0 <= 0x20 }.count
            appendLine(line.lowerBound..<end, of: text, isTurned: isTurned)
            append(" ")
            appendLine(written, of: text, isTurned: isTurned)
        } else {
            appendLine(line, of: text, isTurned: isTurned)
        }
        append("</div>\n")
    }

    /// Of each block whether it runs from right to left: one in which there is no letter, as all that was written does.
    ///
    /// nil: none does.
    private func turns(_ blocks: [TextBlock], of text: [UInt8]) -> [Bool]? {
        guard isTurned || TextDirection.mayTurn(text) else { return nil }
        let directions = blocks.map { block in
            block.words.map { TextDirection(text, $0) } ?? .none
        }
        let whole = directions.reduce(.none, +).isRightToLeft(inTurned: isTurned) ?? isTurned
        return directions.map { $0.isRightToLeft(inTurned: isTurned) ?? whole }
    }

    /// The mail runs from right to left.
    private var isTurned: Bool { body.language.phrases.isRightToLeft }

    /// - Parameter isTurned: The element does.
    private mutating func appendStart(_ element: String, isTurned: Bool) {
        append(element)
        if isTurned != self.isTurned { append(isTurned ? " dir=\"rtl\"" : " dir=\"ltr\"") }
    }

    /// In spaces; as wide as eight is a tab.
    private func indent(of line: Range<Int>, in text: [UInt8]) -> Int {
        text[line].prefix { $0 == 0x20 || $0 == 0x09 }.reduce(0) { $0 + ($1 == 0x09 ? 8 : 1) }
    }

    /// The end of a paragraph's start.
    ///
    /// - Parameter isTight: A list stands right behind it, without an empty line.
    private func start(of lines: [Range<Int>], in text: [UInt8], isTight: Bool) -> String {
        guard lines.contains(where: { hasColumns($0, of: text) }) else {
            return isTight ? Self.tight : ">"
        }
        let columns = TextColumns.areAligned(lines, of: text) ? HTMLStyle.table : HTMLStyle.columns
        return " style=\"\(columns)\(isTight ? ";margin:0" : "")\">"
    }

    private static let tight = " style=\"margin:0\">"

    /// `Name      Qty`, or a tab, which clients join that drop the style sheet.
    private func hasColumns(_ line: Range<Int>, of text: [UInt8]) -> Bool {
        let octets = text.span
        var end = line.upperBound
        while end > line.lowerBound, octets[end - 1] <= 0x20 { end -= 1 }
        var index = line.lowerBound + spaces(before: line, of: text)
        while true {
            index = octets.first(from: index, limit: end) { $0.mayBeColumns }
            guard index < end else { return false }
            if octets[index] == 0x09 { return true }
            if octets[index] == 0x20, octets[index + 1] == 0x20 { return true }
            index += 1
        }
    }

    /// Those that stay in every client.
    private func spaces(before line: Range<Int>, of text: [UInt8]) -> Int {
        let isIndented = !line.isEmpty && text[line.lowerBound] == 0x20
        return isIndented ? text[line].prefix(40).prefix { $0 == 0x20 }.count : 0
    }

    /// Indentation is kept in clients as well that join spaces.
    private mutating func appendLine(_ line: Range<Int>, of text: [UInt8], isTurned: Bool) {
        let spaces = spaces(before: line, of: text)
        for _ in 0..<spaces { append("&nbsp;") }
        bytes.append(
            linking: text, line.lowerBound + spaces..<line.upperBound, isTurned: isTurned,
            hosts: &hosts)
    }

    private mutating func append(_ attachments: AttachmentList) {
        if attachments.isUnlisted { appendQuiet(body.unlistedAttachments) }
        guard !attachments.items.isEmpty else { return }
        append("<p style=\"margin:0 0 4px\"><strong>")
        bytes.append(escaping: body.language.phrases.attachments)
        append("</strong></p>\n")
        append(isTurned ? Self.turnedFiles : Self.files)
        let unnamed = body.language.phrases.unnamedAttachment
        for (index, attachment) in attachments.items.enumerated() {
            let name = attachments.name(at: index, unnamed: unnamed)
            append("<li>")
            if let url = attachment.url {
                appendLink(url, text: name)
            } else {
                bytes.append(isolated: name, within: body.language)
            }
            if let size = attachment.size {
                append(" ")
                let text = "(\(body.language.phrases.sizes.text(size)))"
                bytes.append(isolated: text, within: body.language)
            }
            append("</li>\n")
        }
        if attachments.omitted > 0 {
            append("<li>")
            bytes.append(escaping: body.moreAttachments(attachments.omitted))
            append("</li>\n")
        }
        append("</ul>\n")
    }

    private mutating func appendUnsubscribe() {
        guard let unsubscribe = body.unsubscribe else { return }
        append("<br>")
        appendLink(unsubscribe.url, text: body.language.phrases.unsubscribe)
    }

    // MARK: Parts

    /// What marks a visitor is the mail's own, and stands where its language has it.
    private mutating func append(_ author: Author) {
        if let mark = author.mark { bytes.append(escaping: mark.before) }
        bytes.append(isolated: author.name, within: body.language)
        if let mark = author.mark { bytes.append(escaping: mark.after) }
    }

    private mutating func appendQuiet(_ text: String) {
        append(HTMLStyle.quiet)
        bytes.append(escaping: text)
        append("</p>\n")
    }

    private mutating func appendPhrase(
        _ phrase: Template, _ value: (inout HTMLPart) -> Void
    ) {
        bytes.append(escaping: phrase.before)
        value(&self)
        bytes.append(escaping: phrase.after)
    }

    private mutating func appendLink(_ url: WebURL, text: String) {
        append("<a href=\"")
        bytes.append(escaping: url.description)
        append(HTMLStyle.linkEnd)
        bytes.append(isolated: text, within: body.language)
        append("</a>")
    }
}

extension HTMLPart: MailPart {
    func write(to writer: inout some PartWriter) {
        let frame = body.language.frame
        writer.append(frame.start)
        writer.append(bytes.span, 0..<titleEnd)
        if body.letterhead.words.logo != nil { writer.append(LogoStyle.head) }
        writer.append(frame.opening)
        writeContent(to: &writer)
    }

    /// What stands within the language's frame, without the title.
    func writeContent(to writer: inout some PartWriter) {
        let octets = bytes.span
        let letterhead = body.letterhead.html
        writer.append(octets, titleEnd..<repliesEnd)
        if repliesEnd < linkEnd {
            writer.append(letterhead.button)
            writer.append(octets, repliesEnd..<linkEnd)
            writer.append(letterhead.buttonEnd)
        }
        if body.canReply { writer.append(letterhead.howToReply) }
        writer.append(letterhead.footer)
        writer.append(octets, linkEnd..<bytes.count)
        writer.append(HTMLFrame.end)
    }
}
