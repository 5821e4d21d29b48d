/// The host of a link that stands in a text, and what follows right behind it: readers and browsers must take the same
/// for the host.
struct LinkHost {
    private let text: [UInt8]
    /// With its port.
    private let range: Range<Int>
    /// Where the link ends, as far as white space and punctuation say.
    private let end: Int

    /// - Parameter link: What stands behind the two slashes.
    init(_ text: [UInt8], of link: Range<Int>) {
        self.text = text
        end = link.upperBound
        let path = text[link].firstIndex { $0 == 0x2F || $0 == 0x3F || $0 == 0x23 }
        range = link.lowerBound..<(path ?? link.upperBound)
    }

    /// Where a script begins that needs no space for it: `https://acme.comをご覧ください`, `https://acme.com/help를`.
    ///
    /// In a host only behind a top level in ASCII: `www.abc日本.jp` is one. Elsewhere behind a letter or a digit in
    /// ASCII: `/wiki/日本` is a path. The link ends before a particle that follows a slash: `https://acme.com/をご覧`.
    var otherScript: Int? {
        let label = text[range].lastIndex(of: 0x2E).map { $0 + 1 } ?? range.lowerBound
        let top = text[label..<range.upperBound].prefix { $0 < 0x80 }
        let inHost = top.endIndex..<min(top.endIndex + 1, range.upperBound)
        let path = range.upperBound..<end
        let found = firstOfOtherScript(in: inHost) ?? firstOfOtherScript(in: path)
        return [found, firstParticle(in: path)].compactMap(\.self).min()
    }

    /// Japanese and Korean put what a word does behind it.
    private func firstParticle(in range: Range<Int>) -> Int? {
        range.first { index in
            text[index] >= 0xE3 && text[index - 1] == 0x2F
                && text[index...].starts(withOneOf: Self.particles)
        }
    }

    private static let particles = [
        "を", "へ", "に", "で", "から", "まで", "에서", "에 ", "을 ", "를 ", "로 ", "으로 ",
    ].map { Array($0.utf8) }

    private func firstOfOtherScript(in range: Range<Int>) -> Int? {
        range.first { index in
            ASCIISet.lettersAndDigits.contains(text[index - 1]) && Self.isEastAsian(text, at: index)
        }
    }

    /// The lead octets of Han, kana, bopomofo and Hangul.
    static func isEastAsian(_ text: [UInt8], at index: Int) -> Bool {
        let next = index + 1 < text.count ? text[index + 1] : 0
        return switch text[index] {
        case 0xE1: (0x84...0x87).contains(next)  // Hangul Jamo.
        case 0xE2: next >= 0xBA  // Radicals.
        case 0xE3...0xE9: true  // U+3000 to U+9FFF.
        case 0xEA: next == 0xA5 || next >= 0xB0  // Hangul.
        case 0xEB...0xED: true
        case 0xEF: (0xA4...0xAB).contains(next)  // Compatibility ideographs.
        case 0xF0: next == 0x9B || next >= 0xA0  // Kana, and Han beyond U+FFFF.
        default: false
        }
    }

    /// Whether browsers read on where the link ends for the reader: `https://a。test`, `https://a.te<U+00AD>st`
    /// (Unicode Technical Standard 46 makes a dot of the one and nothing of the other).
    ///
    /// - Parameter limit: Where the text ends.
    func goesOn(before limit: Int) -> Bool {
        guard range.upperBound == end, end < limit, text[end] >= 0x80 else { return false }
        let rest = text[end..<min(limit, end + Self.mostOctets)]
        let scalars = String(decoding: rest, as: UTF8.self).unicodeScalars
        let signs = scalars.prefix { Self.isDot($0) || Self.isNothing($0) }
        guard let next = scalars[signs.endIndex...].first else {
            return rest.count == Self.mostOctets
        }
        if Self.isFolded(next) { return true }
        guard !signs.isEmpty else { return false }
        if next.isASCII {
            return next == "-" || ASCIISet.lettersAndDigits.contains(UInt8(next.value))
        }
        // Another sentence begins right behind the full stop of one that ends with a host.
        let mayEndSentence = signs.contains(where: Self.isDot) && text[range].contains(0x2E)
        return next.properties.isAlphabetic && !mayEndSentence
    }

    private static let mostOctets = 64

    private static func isDot(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x2E, 0x2024, 0x3002, 0xFE52, 0xFF0E, 0xFF61: true
        default: false
        }
    }

    /// Soft hyphen, spaces and joiners without width, variation selectors, byte order mark.
    private static func isNothing(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xAD, 0x200B...0x200D, 0x2060...0x2064, 0xFE00...0xFE0F, 0xFEFF: true
        default: false
        }
    }

    /// Letters and digits that are wide, or stand higher or lower: ASCII's for a browser.
    private static func isFolded(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x2070...0x207F, 0xFF10...0xFF19, 0xFF21...0xFF3A, 0xFF41...0xFF5A: true
        default: false
        }
    }
}
