internal import Delivery

/// What a reply says without what differs from recipient to recipient, so that equal causes are counted
/// together.
///
/// | taken out | becomes |
/// |---|---|
/// | the recipient's address, and any other | `<address>` |
/// | words of six and more characters that hold a digit (queue ids, times, IP addresses) | `…` |
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
        guard bare.count >= 6, bare.contains(where: \.isNumber), !isStatusCode(bare) else {
            return word
        }
        return word.replacing(bare, with: "…")
    }

    /// `5.7.1`, and `10.11.12` as well: nothing else has two dots and short numbers.
    private static func isStatusCode(_ word: Substring) -> Bool {
        let parts = word.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 3 && parts.allSatisfy { (1...3).contains($0.count) && Int($0) != nil }
    }
}
