/// An address with the name that is shown for it (RFC 5322, section 3.4).
package struct Mailbox: Hashable, Sendable {
    package static let maximumNameLength = 100

    /// One line, at most 100 characters, not empty or blank.
    package let name: String?
    package let address: EmailAddress

    /// Any name is taken: it is cleaned and shortened; nil if nothing of it is left.
    package init(name: String? = nil, address: EmailAddress) {
        self.name = name.flatMap { OneLine.seen($0, limit: Self.maximumNameLength) }
        self.address = address
    }
}

extension Mailbox {
    /// Reads what a setting holds: `Name <address>`, `"Quoted, Name" <address>`, `<address>` or
    /// `address`.
    ///
    /// A control character anywhere is refused.
    package init(parsing text: String) throws(InvalidAddress) {
        let trimmed = OneLine.trim(text)
        let bytes = [UInt8](trimmed.utf8)
        guard bytes.isFreeOfControls else { throw InvalidAddress(.control, text: trimmed) }
        let name = Self.name(bytes)
        let rest = bytes[name.end...].drop { $0 == 0x20 }
        guard rest.first == 0x3C else {
            self.init(address: try EmailAddress(trimmed))
            return
        }
        guard rest.last == 0x3E else { throw InvalidAddress(.brackets, text: trimmed) }
        let inner = String(decoding: rest.dropFirst().dropLast(), as: UTF8.self)
        self.init(name: name.text, address: try EmailAddress(inner))
    }

    /// A quoted string at the start, or else all before the first `<`, and where it ends.
    private static func name(_ bytes: [UInt8]) -> (text: String, end: Int) {
        guard bytes.first == 0x22 else {
            let end = bytes.firstIndex(of: 0x3C) ?? bytes.count
            return (String(decoding: bytes[..<end], as: UTF8.self), end)
        }
        var content: [UInt8] = []
        var index = 1
        while index < bytes.count, bytes[index] != 0x22 {
            if bytes[index] == 0x5C, index + 1 < bytes.count { index += 1 }
            content.append(bytes[index])
            index += 1
        }
        return (String(decoding: content, as: UTF8.self), min(index + 1, bytes.count))
    }
}
