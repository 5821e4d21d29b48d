internal import Delivery

/// What a reply says without what differs from recipient to recipient, so that equal causes are counted
/// together.
///
/// | taken out | becomes |
/// |---|---|
/// | the recipient's address, and any other | `<address>` |
/// | words of nine and more characters with at least three digits (queue ids, times) | `…` |
///
/// What names a cause stays: `SMTPUTF8`, `TLS1.3`, `RFC7489`, and IP addresses, which are mostly our own.
enum ErrorKind {
    static func text(of line: String, recipient: String) -> String {
        let address = AddressText.normalized(recipient)
        return line.split(separator: " ", omittingEmptySubsequences: true)
            .map { word(String($0), address) }.joined(separator: " ")
    }

    private static func word(_ word: String, _ recipient: String) -> String {
        let core = word.drop { "<('\"[".contains($0) }
        let bare = core.prefix { !">)'\"],;:".contains($0) }
        if bare.contains("@") || bare.lowercased() == recipient { return "<address>" }
        guard bare.count >= 9, bare.count(where: \.isNumber) >= 3, !isIPAddress(bare) else {
            return word
        }
        return word.replacing(bare, with: "…")
    }

    /// With its port, or without.
    private static func isIPAddress(_ word: Substring) -> Bool {
        word.contains(".") && word.allSatisfy { $0.isNumber || ".:[]".contains($0) }
    }
}
