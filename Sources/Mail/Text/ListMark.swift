/// What begins an entry of a list, however far it is indented: `- `, `• `, `2. `, `(3) `, `① `, `1、`.
///
/// White space stands behind it, which is a tab where the list comes from a word processor.
struct ListMark {
    /// Where it begins, and where what is written behind it does.
    let range: Range<Int>
    /// Of one that counts.
    let number: Int?

    /// nil if the line begins with none.
    init?(_ line: ArraySlice<UInt8>) {
        let rest = line.trimmedAtStart
        guard let first = rest.first else { return nil }
        var length = 0
        var value: Int?
        var needsSpace = true
        switch first {
        case 0x2D, 0x2A, 0x2B: length = 1
        case 0xE2: length = Self.isBullet(rest) ? 3 : 0
        case 0xE3:
            length = rest.starts(with: "・".utf8) ? 3 : 0
            needsSpace = false
        default:
            let isInBrackets = first == 0x28
            let digits = rest.dropFirst(isInBrackets ? 1 : 0).prefix { (0x30...0x39).contains($0) }
            guard (1...3).contains(digits.count) else { return nil }
            let behind = rest[digits.endIndex...]
            value = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
            if behind.first == 0x29 || !isInBrackets && behind.first == 0x2E {
                length = digits.count + (isInBrackets ? 2 : 1)
            } else if !isInBrackets, behind.starts(with: "、".utf8) {
                length = digits.count + 3
                needsSpace = false
            }
        }
        guard length > 0 else { return nil }
        let behind = rest.dropFirst(length)
        let written = behind.trimmedAtStart
        if needsSpace, written.startIndex == behind.startIndex { return nil }
        range = rest.startIndex..<written.startIndex
        number = value
    }

    /// Also `①` to `⑳`.
    private static func isBullet(_ rest: ArraySlice<UInt8>) -> Bool {
        let octets = Array(rest.prefix(3))
        return bullets.contains(octets)
            || octets.count == 3 && octets[1] == 0x91 && (0xA0...0xB3).contains(octets[2])
    }

    /// Of three octets each, the first of which is 0xE2.
    private static let bullets = [
        "•", "–", "—", "●", "○", "■", "□", "▪", "▫", "◦", "‣", "⁃", "→", "✓", "✔", "☐", "☑",
    ].map { Array($0.utf8) }
}
