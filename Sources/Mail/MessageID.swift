internal import Delivery

/// A Message-ID, without its angle brackets (RFC 5322, section 3.6.4): printable ASCII around an @,
/// at most 250 octets, and nothing in it that would end or split a header.
package struct MessageID: Hashable, Sendable, CustomStringConvertible {
    package static let maximumLength = 250

    /// As stored and as shown in `email_message_id`: `left@right`.
    package let description: String

    /// Takes `left@right` or `<left@right>`, with white space around it; nil for anything else.
    ///
    /// A colon is taken, which the grammar has not: such ids are in use, and threading compares them as they are.
    /// With a second @ strict readers would drop all of References.
    package init?(_ text: String) {
        var id = OneLine.trim(text)
        if id.utf8.first == 0x3C, id.utf8.last == 0x3E {
            id = String(Substring(id.utf8.dropFirst().dropLast()))
        }
        guard Self.isWellFormed(id) else { return nil }
        description = id
    }

    /// One pass: each mail's own id is read like this.
    private static func isWellFormed(_ id: String) -> Bool {
        let octets = id.utf8.span
        guard octets.count <= maximumLength else { return false }
        let forbidden = forbidden
        var hasAt = false
        for index in octets.indices {
            let octet = octets[index]
            guard (0x21...0x7E).contains(octet), !forbidden.contains(octet) else { return false }
            guard octet == 0x40 else { continue }
            guard index > 0, index < octets.count - 1, !hasAt else { return false }
            hasAt = true
        }
        return hasAt
    }

    private init(left: String, domain: String) {
        let domain = Self.domain(domain)
        var octets: [UInt8] = []
        octets.reserveCapacity(left.utf8.count + domain.utf8.count + 1)
        octets.append(text: left)
        octets.append(0x40)
        octets.append(text: domain)
        description = String(decoding: octets, as: UTF8.self)
    }

    /// A domain that is no ASCII host name of at most 190 octets is replaced by `outboxd.invalid` (RFC 2606).
    static func domain(_ domain: String) -> String {
        isUsable(domain) ? domain : "outboxd.invalid"
    }

    /// A new one: `nonce` keeps two databases that count alike apart.
    package static func make(mailID: Int64, nonce: UInt64, domain: String) -> MessageID {
        MessageID(left: "\(mailID).\(String(nonce, radix: 16))", domain: domain)
    }

    private static let forbidden = ASCIISet("<>()\"\\,;")

    private static func isUsable(_ domain: String) -> Bool {
        let octets = domain.utf8.span
        guard octets.count <= 190 else { return false }
        let hostLabel = ASCIISet.hostLabel
        var isInLabel = false
        for index in octets.indices {
            let octet = octets[index]
            if octet == 0x2E {
                guard isInLabel else { return false }
                isInLabel = false
            } else {
                guard hostLabel.contains(octet) else { return false }
                isInLabel = true
            }
        }
        return isInLabel
    }
}
