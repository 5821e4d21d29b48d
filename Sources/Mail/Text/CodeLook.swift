/// Whether lines look like code, or like what people write to each other.
///
/// Its looks are all that is at stake: what is taken for the other stands there all the same, each mark and each space.
enum CodeLook {
    /// Indented lines are code if half of their octets are in lines that look so.
    static func isCode(_ lines: [ArraySlice<UInt8>]) -> Bool {
        var (code, all) = (0, 0)
        for line in lines {
            let line = trimmed(line)
            all += line.count
            if CodeLine.isPlain(line) || CodeLine.isLikely(line) { code += line.count }
        }
        return code > 0 && code * 2 >= all
    }

    /// Lines without an indent are code if two thirds of their octets stand in lines of JSON, of a log and the like
    /// (``CodeLine/isPlain(_:)``).
    ///
    /// What is indented between them says nothing.
    /// Of usual paragraphs two lines are looked at.
    static func isPlainlyCode(_ lines: [Range<Int>], of text: [UInt8]) -> Bool {
        guard lines.count > 1 else {
            return lines.first.map { CodeLine.isWholeJSON(trimmed(text[$0])) } ?? false
        }
        guard lines.prefix(2).contains(where: { CodeLine.isPlain(trimmed(text[$0])) }) else {
            return false
        }
        // The first line of a script says so.
        if let first = lines.first, text[first].starts(with: "#!/".utf8) { return true }
        var (code, all) = (0, 0)
        for range in lines {
            let line = trimmed(text[range])
            let isPlain = CodeLine.isPlain(line)
            if isPlain { code += line.count }
            if isPlain || line.startIndex == range.lowerBound { all += line.count }
        }
        return code * 3 >= all * 2
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        line.trimmedAtStart.trimmedAtEnd
    }
}
