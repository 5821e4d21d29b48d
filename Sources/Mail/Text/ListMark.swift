/// What begins an entry of a list, however far it is indented: `- `, `• `, `2. `, `(3) `, `a) `, `① `, `1、`.
///
/// White space stands behind it, which is a tab where the list comes from a word processor.
struct ListMark {
    /// Where it begins, and where what is written behind it does.
    let range: Range<Int>
    /// Of one that counts: `b)` is the second.
    let number: Int?

    /// nil if the line begins with none.
    init?(_ line: ArraySlice<UInt8>) {
        let rest = line.trimmedAtStart
        guard let first = rest.first else { return nil }
        let length = Self.length(rest, first)
        guard length > 0 else { return nil }
        let behind = rest.dropFirst(length)
        let written = Self.withoutSpaces(behind)
        if written.startIndex == behind.startIndex {
            guard rest.prefix(length).suffix(3).starts(withOneOf: Self.wideEnds) else { return nil }
        }
        range = rest.startIndex..<written.startIndex
        number = Self.number(Self.counted(rest.drop { $0 == 0x28 }))
    }

    /// Whether the line may begin with one, or with an indent, by its first octets.
    static func mayBegin(_ line: ArraySlice<UInt8>) -> Bool {
        guard let first = line.first else { return false }
        // 0xC2, 0xE2 and 0xE3 lead the dots, the bullets and dashes, and the middle dot of Japanese.
        return first == 0xC2 || first == 0xE2 || first == 0xE3 || firstOfUsual.contains(first)
            || line.prefix(3).dropFirst().contains { $0 == 0x29 || $0 == 0x09 }
    }

    private static let firstOfUsual = ASCIISet(" \t-*+(0123456789")

    /// Without what stands behind it; 0 if there is none.
    private static func length(_ rest: ArraySlice<UInt8>, _ first: UInt8) -> Int {
        switch first {
        case 0x2D, 0x2A, 0x2B: return 1
        case 0xE2, 0xE3: return isBullet(rest) ? 3 : 0
        case 0xC2, 0xC3: return rest.starts(withOneOf: symbols) ? 2 : 0
        default: break
        }
        if rest.starts(withOneOf: letters) { return 1 }
        let isInBrackets = first == 0x28
        let counted = counted(rest.dropFirst(isInBrackets ? 1 : 0))
        guard !counted.isEmpty else { return 0 }
        let behind = rest[counted.endIndex...]
        if behind.first == 0x29 { return counted.count + (isInBrackets ? 2 : 1) }
        guard !isInBrackets, isDigit(counted[counted.startIndex]) else { return 0 }
        if behind.first == 0x2E { return counted.count + 1 }
        return behind.starts(with: "、".utf8) ? counted.count + 3 : 0
    }

    /// Up to three digits, or a small letter.
    private static func counted(_ rest: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let digits = rest.prefix { isDigit($0) }
        if digits.isEmpty { return rest.prefix(1).prefix { (0x61...0x7A).contains($0) } }
        return digits.count <= 3 ? digits : []
    }

    private static func number(_ counted: ArraySlice<UInt8>) -> Int? {
        guard let first = counted.first else { return nil }
        if !isDigit(first) { return Int(first - 0x60) }
        return counted.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private static func isDigit(_ octet: UInt8) -> Bool { (0x30...0x39).contains(octet) }

    /// Also those that do not break, which come from what people type in a browser.
    private static func withoutSpaces(_ rest: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = rest.trimmedAtStart
        while rest.starts(with: "\u{A0}".utf8) { rest = rest.dropFirst(2).trimmedAtStart }
        return rest
    }

    /// Also `①` to `⑳`.
    private static func isBullet(_ rest: ArraySlice<UInt8>) -> Bool {
        let octets = Array(rest.prefix(3))
        return bullets.contains(octets)
            || octets.starts(with: [0xE2, 0x91]) && octets.count == 3
                && (0xA0...0xB3).contains(octets[2])
    }

    /// Of three octets each.
    private static let bullets = [
        "•", "–", "—", "●", "○", "■", "□", "▪", "▫", "◦", "‣", "⁃", "→", "➔", "➜", "➤", "✓", "✔",
        "✗", "✘",
        "☐", "☑", "☒", "・",
    ].map { Array($0.utf8) }

    /// What Word's symbols become in plain text, but for its middle dot with a tab behind it.
    private static let symbols = ["·", "§\t", "Ø\t", "ü\t"].map { Array($0.utf8) }
    private static let letters = ["o\t", "v\t"].map { Array($0.utf8) }

    /// As wide as a character of Chinese and Japanese, with the space in it.
    private static let wideEnds = ["・", "、"].map { Array($0.utf8) }
}
