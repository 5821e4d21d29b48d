internal import Delivery
internal import Service

/// A JSON value (RFC 8259), its members in the order in which they were given.
enum JSON {
    case null
    case bool(Bool)
    case int(Int64)
    case string(String)
    case array([JSON])
    case members([Member])

    struct Member {
        var key: String
        var value: JSON

        init(_ key: String, _ value: JSON) {
            self.key = key
            self.value = value
        }
    }

    static func object(_ members: KeyValuePairs<String, JSON>) -> JSON {
        .members(members.map { Member($0.key, $0.value) })
    }

    init(_ value: Int?) { self = value.map { .int(Int64($0)) } ?? .null }
    init(_ value: Int64?) { self = value.map(JSON.int) ?? .null }
    init(_ value: String?) { self = value.map(JSON.string) ?? .null }
    /// Milliseconds since the epoch.
    init(_ value: WallTime?) { self.init(value?.milliseconds) }

    /// - Parameter levels: how many levels have each member in a line of its own.
    func text(expanding levels: Int = 0) -> String {
        var text = ""
        append(to: &text, levels: levels, indent: 0)
        return text
    }

    private func append(to text: inout String, levels: Int, indent: Int) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .int(let value): text += String(value)
        case .string(let value): text += Self.quoted(value)
        case .array(let values):
            appendMembers(
                values.map { (nil, $0) }, "[", "]", to: &text, levels: levels, indent: indent)
        case .members(let members):
            appendMembers(
                members.map { ($0.key, $0.value) }, "{", "}", to: &text, levels: levels,
                indent: indent)
        }
    }

    private func appendMembers(
        _ members: [(key: String?, value: JSON)], _ open: String, _ close: String,
        to text: inout String, levels: Int, indent: Int
    ) {
        let breaks = levels > 0 && !members.isEmpty
        let margin = String(repeating: " ", count: indent + 2)
        text += open
        for (number, member) in members.enumerated() {
            if number > 0 { text += "," }
            if breaks { text += "\n" + margin } else if number > 0 { text += " " }
            if let key = member.key { text += Self.quoted(key) + ": " }
            member.value.append(to: &text, levels: levels - 1, indent: indent + 2)
        }
        if breaks { text += "\n" + String(repeating: " ", count: indent) }
        text += close
    }

    /// Control and format characters are written `\uXXXX`: harmless on a terminal, the same value to
    /// whoever parses it.
    private static func quoted(_ text: String) -> String {
        Escaping.quoted(text, limit: 1 << 40)
    }
}
