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

    func filled(_ value: String) -> String {
        var bytes: [UInt8] = []
        append(to: &bytes) { $0.append(text: value) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What follows the value: `Acme Inc.` brings the full stop of its sentence.
    func rest(behind value: String) -> String {
        let isDouble = value.utf8.last == 0x2E && after.utf8.first == 0x2E
        return isDouble ? String(after.dropFirst()) : after
    }

    /// `Acme Inc.` brings the full stop of its sentence.
    func append(to bytes: inout [UInt8], _ appendValue: (inout [UInt8]) -> Void) {
        bytes.append(text: before)
        let start = bytes.count
        appendValue(&bytes)
        let endsWithStop = bytes.count > start && bytes.last == 0x2E
        let after = after.utf8.span
        let isDouble = endsWithStop && !after.isEmpty && after[0] == 0x2E
        bytes.append(after, (isDouble ? 1 : 0)..<after.count)
    }
}
