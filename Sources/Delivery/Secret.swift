/// A password: printed, dumped or interpolated it shows as `<redacted>`.
package struct Secret: Hashable, Sendable {
    /// The text itself, for the relay only.
    package let revealed: String

    package init(_ text: String) {
        revealed = text
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "<redacted>" }
    package var debugDescription: String { "<redacted>" }
    /// Without children, so that `dump` and string interpolation of whatever holds it find nothing.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
