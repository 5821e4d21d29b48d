/// A text of a helpdesk's row, taken apart at each `{conversation}` (Contract.md): once for all of its mails.
///
/// The place is a sequence of octets: a combining mark behind it does not hide it.
package struct ConversationTemplate: Hashable, Sendable {
    private static let place = Array("{conversation}".utf8)

    /// What stands around the places: one more than there are.
    private let parts: [String]

    package init(_ text: String) {
        let octets = Array(text.utf8)
        var parts: [String] = []
        var start = 0
        var index = 0
        while index < octets.count {
            guard octets[index] == Self.place[0], octets[index...].starts(with: Self.place) else {
                index += 1
                continue
            }
            parts.append(String(decoding: octets[start..<index], as: UTF8.self))
            index += Self.place.count
            start = index
        }
        parts.append(String(decoding: octets[start...], as: UTF8.self))
        self.parts = parts
    }

    var hasPlace: Bool { parts.count > 1 }

    func filled(with value: String) -> String {
        var text = parts[0]
        for part in parts.dropFirst() {
            text += value
            text += part
        }
        return text
    }
}
