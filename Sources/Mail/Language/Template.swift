/// A phrase with a place for one value.
///
/// `You wrote to {}.`
struct Template: Sendable, ExpressibleByStringLiteral {
    let before: String
    let after: String

    init(stringLiteral text: String) {
        let place = text.firstRange(of: "{}")
        before = String(text[..<(place?.lowerBound ?? text.endIndex)])
        after = String(text[(place?.upperBound ?? text.endIndex)...])
        hasPlace = place != nil
    }

    /// Else the value would be left out.
    let hasPlace: Bool

    /// `Acme Inc.` brings the full stop of its sentence.
    func filled(_ value: String) -> String {
        let end =
            value.utf8.last == 0x2E && after.utf8.first == 0x2E ? after.dropFirst() : after[...]
        return before + value + end
    }

    /// The same, of a value that is appended.
    func append(to bytes: inout [UInt8], _ appendValue: (inout [UInt8]) -> Void) {
        bytes.append(text: before)
        appendValue(&bytes)
        let after = after.utf8.span
        let isDouble = bytes.last == 0x2E && !after.isEmpty && after[0] == 0x2E
        bytes.append(after, (isDouble ? 1 : 0)..<after.count)
    }
}
