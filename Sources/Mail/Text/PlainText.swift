/// A reply's text as both parts of a mail write it: line breaks are LF (U+2028 and U+2029, too), other control characters
/// but the tab are gone, and so are empty lines at the start and white space at the end; U+FFFD stands for what is no
/// character (``Noncharacter``).
struct PlainText: Hashable, Sendable {
    /// Valid UTF-8.
    let bytes: [UInt8]
    /// Not all of the text is here.
    let isCut: Bool

    /// Takes no more than `limit` octets of `text`, whole characters.
    ///
    /// - Parameter isCut: There is more of it than `text` already.
    init(_ text: String, limit: Int, isCut: Bool = false) {
        let isLonger = text.utf8.count > limit
        self.isCut = isCut || isLonger
        var bytes = isLonger ? Self.prefix(of: text, limit: limit) : [UInt8](text.utf8)
        if !Self.isClean(bytes) {
            bytes = Self.cleaned(bytes)
            if Noncharacter.stand(in: bytes) { bytes = Noncharacter.replaced(in: bytes) }
        }
        while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
        let leading = bytes.prefix { $0 == 0x0A }.count
        if leading > 0 { bytes.removeFirst(leading) }
        self.bytes = bytes
    }

    private init(bytes: [UInt8], isCut: Bool) {
        self.bytes = bytes
        self.isCut = isCut
    }

    /// As much of it as takes no more than `limit` octets and ends with a line, else with a word, else with a character;
    /// no link is cut.
    func shortened(to limit: Int) -> PlainText {
        guard bytes.count > limit else { return self }
        var end = limit
        while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        end = boundary(before: end)
        while end > 0, bytes[end - 1] <= 0x20 { end -= 1 }
        return PlainText(bytes: Array(bytes[..<end]), isCut: true)
    }

    /// Where the last line before `end` ends, if it is near.
    private func boundary(before end: Int) -> Int {
        if let line = bytes[end * 9 / 10..<end].lastIndex(of: 0x0A) { return line }
        guard bytes[end] > 0x20 else { return end }
        // What has no white space for longer is no link.
        let tail = bytes[max(0, end - WebURL.maximumLength)..<end]
        if let space = tail.lastIndex(where: { $0 <= 0x20 }) { return space }
        if let row = tail.indices.last(where: { WebLink.ends(bytes, at: $0, limit: bytes.count) }) {
            return row
        }
        guard let colon = tail.firstRange(of: Self.scheme)?.lowerBound else { return end }
        return bytes[..<colon].lastIndex { !ASCIISet.lettersAndDigits.contains($0) }
            .map { $0 + 1 } ?? 0
    }

    private static let scheme = Array("://".utf8)

    private static func prefix(of text: String, limit: Int) -> [UInt8] {
        var end = text.utf8.index(text.utf8.startIndex, offsetBy: limit)
        while String.Index(end, within: text.unicodeScalars) == nil {
            end = text.utf8.index(before: end)
        }
        return [UInt8](text.utf8[..<end])
    }

    /// By far the most texts.
    ///
    /// 0xC2 leads the C1 controls, and Latin-1's signs with them.
    private static func isClean(_ bytes: [UInt8]) -> Bool {
        let octets = bytes.span
        var index = 0
        while true {
            index = octets.first(from: index, limit: bytes.count) { $0.unprintable }
            guard index < bytes.count else { return true }
            let byte = octets[index]
            guard byte >= 0x20 || byte == 0x0A || byte == 0x09, byte != 0x7F, byte != 0xC2,
                byte != 0xE2 || !isSeparator(octets, at: index),
                byte < 0xEF || !Noncharacter.stands(in: octets, at: index)
            else { return false }
            index += 1
        }
    }

    /// U+2028 and U+2029, which some editors write for the end of a line: a browser shows nothing there.
    private static func isSeparator(_ octets: Span<UInt8>, at index: Int) -> Bool {
        octets[index] == 0xE2 && index + 2 < octets.count && octets[index + 1] == 0x80
            && (octets[index + 2] == 0xA8 || octets[index + 2] == 0xA9)
    }

    private static func cleaned(_ bytes: [UInt8]) -> [UInt8] {
        var clean: [UInt8] = []
        clean.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            switch byte {
            // Word's soft line break, and the end of a page.
            case 0x0B, 0x0C: clean.append(0x0A)
            case 0x0D:
                clean.append(0x0A)
                if next == 0x0A { index += 1 }
            case 0xC2 where next < 0xA0:
                if next == 0x85 { clean.append(0x0A) }  // NEL, a line break.
                index += 1
            case 0xE2 where isSeparator(bytes.span, at: index):
                clean.append(0x0A)
                index += 2
            case 0x09, 0x0A, 0x20...0x7E, 0x80...: clean.append(byte)
            default: break
            }
            index += 1
        }
        return clean
    }
}
