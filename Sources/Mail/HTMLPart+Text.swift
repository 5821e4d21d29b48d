/// Writes what people wrote: their paragraphs, lists and code.
extension HTMLPart {
    /// With a mark, and without.
    private static let entries = [120, 0].map { HTMLStyle.entries(side: "left", mark: $0) }
    private static let turnedEntries = [120, 0].map { HTMLStyle.entries(side: "right", mark: $0) }
    private static let columnsOfEntry = ";\(HTMLStyle.columns)\">"
    private static let code = " style=\"\(HTMLStyle.code)\">"

    /// Nobody says in which language people write: the mail's is that of its phrases.
    mutating func appendText(_ text: [UInt8]) {
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
    var isTurned: Bool { body.language.phrases.isRightToLeft }

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
        guard mayHaveColumns(lines, of: text), lines.contains(where: { hasColumns($0, of: text) })
        else {
            return isTight ? Self.tight : ">"
        }
        let columns = TextColumns.areAligned(lines, of: text) ? HTMLStyle.table : HTMLStyle.columns
        return " style=\"\(columns)\(isTight ? ";margin:0" : "")\">"
    }

    private static let tight = " style=\"margin:0\">"

    /// Usual paragraphs have no gap anywhere, which one look at all of it tells.
    private func mayHaveColumns(_ lines: [Range<Int>], of text: [UInt8]) -> Bool {
        guard let first = lines.first, let last = lines.last else { return false }
        return hasGap(text, from: first.lowerBound, to: last.upperBound)
    }

    /// `Name      Qty`, or a tab, which clients join that drop the style sheet.
    private func hasColumns(_ line: Range<Int>, of text: [UInt8]) -> Bool {
        let octets = text.span
        var end = line.upperBound
        while end > line.lowerBound, octets[end - 1] <= 0x20 { end -= 1 }
        return hasGap(text, from: line.lowerBound + spaces(before: line, of: text), to: end)
    }

    /// A tab, or two spaces.
    private func hasGap(_ text: [UInt8], from start: Int, to end: Int) -> Bool {
        let octets = text.span
        var index = start
        while true {
            index = octets.first(from: index, limit: end) { $0.mayBeColumns }
            guard index < end else { return false }
            if octets[index] == 0x09 { return true }
            if octets[index] == 0x20, index + 1 < end, octets[index + 1] == 0x20 { return true }
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
}
