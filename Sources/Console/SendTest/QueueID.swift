/// What the relay calls a mail that it took, found in its reply to the final dot.
///
/// No standard says where it stands.
///
/// | relay | reply |
/// |---|---|
/// | Postfix, Haraka | `Ok: queued as 4F2A1` |
/// | Exim | `OK id=1abC-0001` |
/// | sendmail | `4B8F Message accepted for delivery` |
/// | Gmail | `OK  1732788000 abc-123 - gsmtp` |
enum QueueID {
    /// - Parameter text: The reply's, without code and enhanced code.
    /// - Returns: nil if it is not known how this relay writes it.
    static func find(in text: String) -> String? { find(in: text.utf8[...]) }

    /// Octet by octet: each mail's reply is read like this.
    static func find(in text: Substring.UTF8View) -> String? {
        let words = text.split(separator: 0x20)
        if let queued = words.firstIndex(where: { reads($0, "queued") }),
            queued + 2 < words.count, reads(words[queued + 1], "as")
        {
            return trimmed(words[queued + 2])
        }
        if let id = words.first(where: { reads($0.prefix(3), "id=") }) {
            return trimmed(id.dropFirst(3))
        }
        guard let last = words.last else { return nil }
        if words.count >= 4, reads(last, "gsmtp") { return trimmed(words[words.count - 3]) }
        if words.count >= 3, reads(words[1], "message"), reads(words[2], "accepted") {
            return trimmed(words[0])
        }
        return nil
    }

    /// - Parameter expected: In small letters; case is ignored.
    private static func reads(_ word: Substring.UTF8View, _ expected: StaticString) -> Bool {
        guard word.count == expected.utf8CodeUnitCount else { return false }
        return expected.withUTF8Buffer { expected in
            zip(word, expected).allSatisfy { octet, letter in
                (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(octet)
                    ? octet | 0x20 == letter : octet == letter
            }
        }
    }

    /// Without brackets, quotes and full stops round it; nil if nothing is left.
    private static func trimmed(_ word: Substring.UTF8View) -> String? {
        let start = word.drop(while: isFrame)
        return start.lastIndex { !isFrame($0) }.flatMap { String(start[...$0]) }
    }

    private static func isFrame(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "["), UInt8(ascii: "]"),
            UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "\""), UInt8(ascii: "'"),
            UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ";"):
            true
        default: false
        }
    }
}
