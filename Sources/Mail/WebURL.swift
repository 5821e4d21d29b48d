internal import Delivery

/// A link from outside that may stand in a header and in HTML: http or https, a host name or IP
/// address, ASCII throughout once it is encoded, no white space, quotes or angle brackets, at most 2,000 octets.
///
/// Refused besides: user information before the host and backslashes, which show one host to the
/// reader and lead to another.
package struct WebURL: Hashable, Sendable, CustomStringConvertible {
    package static let maximumLength = 2_000

    /// As it stands in the mail: an international host as A-labels, and what was not ASCII in path, query or
    /// fragment percent-encoded.
    package let description: String
    /// Lower-cased, without port and without a dot at the end.
    package let host: String
    package let isHTTPS: Bool

    /// Trims white space; nil for anything that is not such a link.
    ///
    /// - Parameter toASCII: Without it a link to an international host is none.
    package init?(_ text: String, toASCII: DomainToASCII = { _ in nil }) {
        var bytes = [UInt8](OneLine.trim(text).utf8.prefix(Self.maximumLength + 1))
        guard bytes.count <= Self.maximumLength, bytes.isFreeOfControls,
            let scheme = Self.scheme(of: bytes)
        else { return nil }
        var authority = bytes.dropFirst(scheme.length)
            .prefix { $0 != 0x2F && $0 != 0x3F && $0 != 0x23 }
        var found = Self.host(of: authority)
        if found == nil, let ascii = Self.inASCII(authority, toASCII) {
            bytes.replaceSubrange(authority.indices, with: ascii)
            authority = bytes[scheme.length..<scheme.length + ascii.count]
            found = Self.host(of: authority)
        }
        guard let host = found, let link = Self.encoded(bytes, from: authority.endIndex),
            link.count <= Self.maximumLength
        else { return nil }
        self.host = host
        isHTTPS = scheme.isHTTPS
        description = String(decoding: link, as: UTF8.self)
    }

    private static func scheme(of bytes: [UInt8]) -> (length: Int, isHTTPS: Bool)? {
        // Setting this bit makes letters lower-case and leaves ":" and "/" as they are; what else
        // it turns into those two is a control character.
        let start = bytes.prefix(8).map { $0 | 0x20 }
        if start.elementsEqual("https://".utf8) { return (8, true) }
        return start.starts(with: "http://".utf8) ? (7, false) : nil
    }

    /// The host of `host[:port]`; nil with user information or characters no host has.
    private static func host(of authority: ArraySlice<UInt8>) -> String? {
        let isLiteral = authority.first == 0x5B
        let end =
            isLiteral
            ? authority.firstIndex(of: 0x5D).map { $0 + 1 } ?? authority.endIndex
            : authority.firstIndex(of: 0x3A) ?? authority.endIndex
        let port = authority[end...]
        guard port.isEmpty || port.first == 0x3A, port.count <= 6,
            port.dropFirst().allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        let host = authority[..<end]
        return isLiteral ? literal(host) : name(host)
    }

    /// An IPv6 address in brackets; not checked further than its characters.
    private static func literal(_ host: ArraySlice<UInt8>) -> String? {
        let allowed = literalCharacters
        let address = host.dropFirst().dropLast()
        guard host.last == 0x5D, !address.isEmpty, address.allSatisfy({ allowed.contains($0) })
        else { return nil }
        return String(decoding: host, as: UTF8.self).lowercased()
    }

    /// A host name; underscores are in use in those that are no mail domains.
    private static func name(_ host: ArraySlice<UInt8>) -> String? {
        let allowed = nameCharacters
        let name = host.last == 0x2E ? host.dropLast() : host
        var previous: UInt8 = 0x2E
        for byte in name {
            // Two dots, or one at the start, would leave a label empty.
            guard allowed.contains(byte) || (byte == 0x2E && previous != 0x2E) else { return nil }
            previous = byte
        }
        return previous == 0x2E ? nil : String(decoding: name, as: UTF8.self).lowercased()
    }

    /// `host[:port]` with an international host as A-labels; nil for any other.
    private static func inASCII(
        _ authority: ArraySlice<UInt8>, _ toASCII: DomainToASCII
    ) -> [UInt8]? {
        let host = authority.prefix { $0 != 0x3A }
        let allowed = nameCharacters
        guard host.contains(where: { $0 >= 0x80 }),
            host.allSatisfy({ $0 >= 0x80 || $0 == 0x2E || allowed.contains($0) }),
            let ascii = toASCII(String(decoding: host, as: UTF8.self))
        else { return nil }
        return Array(ascii.utf8) + authority[host.endIndex...]
    }

    /// `bytes` with everything from `start` on percent-encoded where it must be; nil if that
    /// holds what no link may.
    private static func encoded(_ bytes: [UInt8], from start: Int) -> [UInt8]? {
        let rest = bytes[start...]
        let refused = refusedCharacters
        if rest.contains(where: { refused.contains($0) }) { return nil }
        let special = encodedCharacters
        if !rest.contains(where: { $0 >= 0x80 || special.contains($0) }) { return bytes }
        return bytes[..<start]
            + PercentCoding.encode(rest) { $0 < 0x80 && !special.contains($0) }
    }

    private static let literalCharacters = ASCIISet("0123456789abcdefABCDEF:.")
    private static let nameCharacters = ASCIISet.hostLabel.union("_")
    private static let refusedCharacters = ASCIISet(" <>\"\\")
    private static let encodedCharacters = ASCIISet("'`{}|^")
}
