/// An email address that may stand in a header and in an SMTP command as it is.
///
/// A Mailbox of RFC 5321, section 4.1.2 (dot-string or quoted-string, then a domain name), with
/// UTF-8 as in RFC 6531, section 3.3; at most 64 octets before the @ and 254 in all. No display
/// name, comment, address literal or list, and never a control character, line or paragraph
/// separator, not even within a quoted string.
package struct EmailAddress: Hashable, Sendable, CustomStringConvertible {
    package static let maximumLength = 254
    package static let maximumLocalPartLength = 64

    /// The address, trimmed; case is kept.
    package let description: String
    package let isASCII: Bool
    package let localPartIsASCII: Bool
    /// UTF-8 octets before the @.
    private let localPartLength: Int

    /// Trims white space, then takes `text` only if all of it is one address.
    package init(_ text: String) throws(InvalidAddress) {
        let trimmed = OneLine.trim(text)
        if let length = AddressScanner.plainLocalPartLength(trimmed.utf8.span) {
            description = trimmed
            localPartLength = length
            isASCII = true
            localPartIsASCII = true
            return
        }
        let scanner = AddressScanner(trimmed)
        do throws(InvalidAddress.Reason) {
            localPartLength = try scanner.localPartLength()
        } catch {
            throw InvalidAddress(error, text: trimmed)
        }
        description = trimmed
        isASCII = scanner.bytes.allSatisfy { $0 < 0x80 }
        localPartIsASCII = scanner.bytes.prefix(localPartLength).allSatisfy { $0 < 0x80 }
    }

    package var localPart: String {
        String(decoding: description.utf8.prefix(localPartLength), as: UTF8.self)
    }

    package var domain: String {
        String(decoding: description.utf8.dropFirst(localPartLength + 1), as: UTF8.self)
    }

    /// Octet for octet, or neither is there.
    static func haveSameDomain(_ address: EmailAddress?, _ other: EmailAddress?) -> Bool {
        guard let address, let other else { return address == nil && other == nil }
        let domain = address.description.utf8.dropFirst(address.localPartLength)
        return domain.elementsEqual(other.description.utf8.dropFirst(other.localPartLength))
    }

    /// The same mailbox with another spelling of its domain, such as the A-labels of IDNA.
    package func withDomain(_ domain: String) throws(InvalidAddress) -> EmailAddress {
        try EmailAddress(localPart + "@" + domain)
    }
}
