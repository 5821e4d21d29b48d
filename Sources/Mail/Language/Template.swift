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

    /// What follows a value: one that ends with a full stop, such as `Acme Inc.`, brings that of its sentence.
    func rest(behindStop: Bool) -> String {
        behindStop && after.utf8.first == 0x2E ? String(after.dropFirst()) : after
    }

    func append(to bytes: inout [UInt8], _ appendValue: (inout [UInt8]) -> Void) {
        bytes.append(text: before)
        let start = bytes.count
        appendValue(&bytes)
        bytes.append(text: rest(behindStop: bytes.count > start && bytes.last == 0x2E))
    }
}
