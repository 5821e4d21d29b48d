/// Whether lines that are indented like code read like a letter.
///
/// A line reads so if it has at least eight words and four of five are of nothing but letters, or if most of its octets
/// are those of another script. Of `select id from users` nobody can tell; its looks are all that is at stake.
enum ProseLook {
    private static let leastWords = 8
    private static let leastOctets = 24

    /// Half of what was written does, by its octets.
    static func isProse(_ lines: [ArraySlice<UInt8>]) -> Bool {
        var (prose, all) = (0, 0)
        for line in lines {
            let words = line.split { $0 == 0x20 || $0 == 0x09 }
            let octets = words.reduce(0) { $0 + $1.count }
            all += octets
            if isProse(words, octets: octets) { prose += octets }
        }
        return prose > 0 && prose * 2 >= all
    }

    private static func isProse(_ words: [ArraySlice<UInt8>], octets: Int) -> Bool {
        guard let first = words.first, isWord(first) else { return false }
        let others = words.reduce(0) { $0 + $1.count { $0 >= 0x80 } }
        if octets >= leastOctets, others * 3 >= octets * 2 { return true }
        return words.count >= leastWords && words.count(where: isWord) * 5 >= words.count * 4
    }

    /// As `well-known`, `don't`, `(again)` and `again,` are.
    private static func isWord(_ word: ArraySlice<UInt8>) -> Bool {
        let inner = word.drop(while: opening.contains)
        let end = inner.lastIndex { !closing.contains($0) } ?? inner.startIndex
        guard !inner.isEmpty else { return false }
        return inner[...end].allSatisfy { $0 >= 0x80 || letters.contains($0) }
    }

    private static let letters = ASCIISet(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-'")
    private static let opening = ASCIISet("\"'(")
    private static let closing = ASCIISet("\"').,;:!?")
}
