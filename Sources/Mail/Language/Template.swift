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

    func filled(_ value: String) -> String { before + value + after }
}
