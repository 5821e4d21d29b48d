/// Values from outside that belong on one line: names, subjects, what an error quotes.
package enum OneLine {
    /// `text` without surrounding white space, with every run of white space, blanks and control characters
    /// as one space, with U+FFFD for noncharacters, without the controls that turn the writing direction of what
    /// follows (they could dress up the rest of the line), and cut to `limit` Unicode scalars, then with an
    /// ellipsis; what is seen as one character is not cut in two.
    ///
    /// Nothing that could end a header line is left.
    static func clean(_ text: String, limit: Int) -> String {
        if text.utf8.count <= limit, isClean(text.utf8.span) { return text }
        var line = String.UnicodeScalarView()
        var length = 0
        var spaceIsDue = false
        // Looking no further keeps a value of many megabytes of white space cheap.
        for scalar in text.unicodeScalars.prefix(limit * 16) {
            if isSpacing(scalar) {
                spaceIsDue = length > 0
                continue
            }
            if isDirectionControl(scalar) { continue }
            if length + (spaceIsDue ? 2 : 1) > limit { return ended(line, limit: limit) }
            if spaceIsDue {
                line.append(" ")
                length += 1
                spaceIsDue = false
            }
            line.append(Noncharacter.isOne(scalar) ? Noncharacter.replacement : scalar)
            length += 1
        }
        return String(line)
    }

    /// The same; nil if nothing is left that can be seen.
    static func seen(_ text: String, limit: Int) -> String? {
        let line = clean(text, limit: limit)
        return isSeen(line) ? line : nil
    }

    /// The same, but what is too long is shortened before its last `end` scalars, which stay.
    static func seen(_ text: String, limit: Int, keepingEnd end: Int) -> String? {
        guard text.utf8.count > limit else { return seen(text, limit: limit) }
        let most = (start: limit * 16, end: end * 16)
        let line = clean(withoutMiddle(text, most.start, most.end), limit: most.start + most.end)
        guard isSeen(line) else { return nil }
        let scalars = line.unicodeScalars
        guard scalars.count > limit else { return line }
        let last = scalars.index(scalars.endIndex, offsetBy: -end)
        let whole = scalars[last...].indices.first { String.Index($0, within: line) != nil }
        // A character that is longer than that is cut off, as anywhere.
        guard let whole else { return ended(scalars, limit: limit) }
        let tail = scalars[whole...].drop { $0 == " " }
        return ended(scalars, limit: limit - tail.count) + String(tail)
    }

    /// As much as is looked at.
    private static func withoutMiddle(_ text: String, _ start: Int, _ end: Int) -> String {
        let scalars = text.unicodeScalars
        guard scalars.count > start + end else { return text }
        return String(scalars.prefix(start)) + String(scalars.suffix(end))
    }

    private static func isSeen(_ line: String) -> Bool {
        line.unicodeScalars.contains { scalar in
            scalar != " " && (scalar.isASCII || !scalar.properties.isDefaultIgnorableCodePoint)
        }
    }

    /// At most `limit` scalars with the ellipsis, and no space before it.
    private static func ended(_ line: String.UnicodeScalarView, limit: Int) -> String {
        let end = line.index(line.startIndex, offsetBy: limit - 1, limitedBy: line.endIndex)
        var line = line[..<wholeCharacters(of: line, before: end ?? line.endIndex)]
        while line.last == " " { line.removeLast() }
        return String(line) + "…"
    }

    /// Where the last of the characters that end no later than `end` ends; `end` if the first one is longer.
    private static func wholeCharacters(
        of line: String.UnicodeScalarView, before end: String.Index
    ) -> String.Index {
        let text = String(line)
        var whole = end
        while whole > line.startIndex, String.Index(whole, within: text) == nil {
            whole = line.index(before: whole)
        }
        return whole > line.startIndex ? whole : end
    }

    /// Without surrounding white space (Unicode's White_Space).
    package static func trim(_ text: String) -> String {
        let isPlain = { (byte: UInt8?) in byte.map { (0x21...0x7E).contains($0) } ?? true }
        if isPlain(text.utf8.first), isPlain(text.utf8.last) { return text }
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }

    /// Printable ASCII with single spaces inside: by far the most values.
    private static func isClean(_ octets: Span<UInt8>) -> Bool {
        var previous: UInt8 = 0x20
        for index in octets.indices {
            let byte = octets[index]
            guard (0x20...0x7E).contains(byte), byte != 0x20 || previous != 0x20 else {
                return false
            }
            previous = byte
        }
        return previous != 0x20
    }

    private static func isSpacing(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
            || isBlank(scalar)
    }

    /// Letters and symbols that are as wide as others, with nothing to be seen: the Hangul fillers, the Mongolian
    /// vowel separator (white space until Unicode 6.3), Braille without a dot, a note without a head, and two
    /// hieroglyphs.
    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x115F, 0x1160, 0x180E, 0x2800, 0x3164, 0xFFA0, 0x13441, 0x13442, 0x1D159: true
        default: false
        }
    }

    /// Embeddings, overrides and isolates (Unicode Standard Annex 9), and the byte order mark.
    private static func isDirectionControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }
}
