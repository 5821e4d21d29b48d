internal import Glibc

/// How hosts are written.
///
/// Nothing is looked up.
package enum HostSyntax {
    package static func isIPv4(_ text: String) -> Bool {
        var address = in_addr()
        return inet_pton(AF_INET, text, &address) == 1
    }

    /// Without a zone: `::1`, not `fe80::1%eth0`.
    package static func isIPv6(_ text: String) -> Bool {
        var address = in6_addr()
        return inet_pton(AF_INET6, text, &address) == 1
    }

    /// A domain name of at most 253 octets: labels of letters, digits, hyphens and (since many
    /// machines have them, and Postfix takes them) underscores, none beginning or ending with a
    /// hyphen.
    ///
    /// A name whose last label is a number would be read as an address by some and is none. Letters
    /// beyond ASCII where `international`.
    package static func isDomainName(_ text: String, international: Bool = false) -> Bool {
        guard (1...253).contains(text.utf8.count) else { return false }
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        guard let last = labels.last, !isNumber(last) else { return false }
        return labels.allSatisfy { isLabel($0, international: international) }
    }

    /// `[192.0.2.1]` or `[IPv6:2001:db8::1]` (RFC 5321, section 4.1.3).
    package static func isAddressLiteral(_ text: String) -> Bool {
        guard text.hasPrefix("["), text.hasSuffix("]") else { return false }
        let inner = text.dropFirst().dropLast()
        if inner.lowercased().hasPrefix("ipv6:") { return isIPv6(String(inner.dropFirst(5))) }
        return isIPv4(String(inner))
    }

    private static func isLabel(_ label: Substring, international: Bool) -> Bool {
        guard (1...63).contains(label.utf8.count) || international && !label.isEmpty,
            label.first != "-", label.last != "-"
        else { return false }
        return label.unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "-", "_": true
            default: international && !scalar.isASCII && isLetterLike(scalar)
            }
        }
    }

    private static func isLetterLike(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .nonspacingMark, .spacingMark, .decimalNumber:
            true
        default: false
        }
    }

    /// Decimal, or hexadecimal as in 0x7f000001.
    private static func isNumber(_ label: Substring) -> Bool {
        let hex = label.lowercased().hasPrefix("0x")
        return !label.isEmpty
            && (hex ? label.dropFirst(2).allSatisfy(\.isHexDigit) : label.allSatisfy(\.isNumber))
    }
}
