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
    static func find(in text: String) -> String? {
        let words = text.split(separator: " ").map(String.init)
        let lower = words.map { $0.lowercased() }
        if let queued = lower.firstIndex(of: "queued"), queued + 2 < words.count,
            lower[queued + 1] == "as"
        {
            return trimmed(words[queued + 2])
        }
        if let index = lower.firstIndex(where: { $0.hasPrefix("id=") }) {
            return trimmed(String(words[index].dropFirst(3)))
        }
        if lower.last == "gsmtp", words.count >= 4 { return trimmed(words[words.count - 3]) }
        if lower.dropFirst().starts(with: ["message", "accepted"]) { return trimmed(words[0]) }
        return nil
    }

    /// Without brackets, quotes and full stops round it; nil if nothing is left.
    private static func trimmed(_ word: String) -> String? {
        let isFrame: (Character) -> Bool = { "<>[]()\"'.,;".contains($0) }
        let start = word.drop(while: isFrame)
        return start.lastIndex { !isFrame($0) }.map { String(start[...$0]) }
    }
}
