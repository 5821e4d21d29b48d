internal import Delivery

/// A link from outside that may stand in a header and in HTML: http or https, a host name or IP
/// address, ASCII throughout once it is encoded, no white space, quotes or angle brackets, at most 2,000 octets where
/// nothing else is said.
///
/// Refused besides: user information before the host and backslashes there, which show one host to the reader and lead
/// to another.
package struct WebURL: Hashable, Sendable, CustomStringConvertible {
    package static let maximumLength = 2_000

    /// As it stands in the mail: an international host as A-labels; in path, query and fragment what no link may hold
    /// is percent-encoded.
    package let description: String
    /// Where the host stands in it, without port and without a dot at the end.
    private let hostRange: Range<Int>
    package let isHTTPS: Bool

    /// Trims white space; nil for anything that is not such a link.
    ///
    /// - Parameter toASCII: Without it a link to an international host is none.
    package init?(
        _ text: String, limit: Int = WebURL.maximumLength, toASCII: DomainToASCII = { _ in nil }
    ) {
        let text = OneLine.trim(text)
        if let plain = Self.plain(text.utf8.span) {
            description = text
            isHTTPS = plain.isHTTPS
            hostRange = plain.host
            return
        }
        var bytes = [UInt8](text.utf8.prefix(limit + 1))
        guard bytes.count <= limit, bytes.isFreeOfControls,
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
        guard let hostLength = found else { return nil }
        let link = Self.encoded(bytes, from: authority.endIndex)
        guard link.count <= limit else { return nil }
        hostRange = scheme.length..<scheme.length + hostLength
        isHTTPS = scheme.isHTTPS
        description = String(decoding: link, as: UTF8.self)
    }

    /// Lower-cased.
    package var host: String {
        let octets = description.utf8.dropFirst(hostRange.lowerBound).prefix(hostRange.count)
        return String(Substring(octets)).lowercased()
    }

    /// What stands behind the last slash of the path, still percent-encoded; "" if nothing does.
    var lastPathComponent: Substring {
        let utf8 = description.utf8
        let rest = Substring(utf8.dropFirst(hostRange.upperBound))
        let path = rest.prefix { $0 != "?" && $0 != "#" }
        return path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? ""
    }

    /// In one pass, of a link that stands in the mail as it is and has neither port nor brackets, as nearly all; nil says
    /// nothing about others.
    private static func plain(_ octets: Span<UInt8>) -> (isHTTPS: Bool, host: Range<Int>)? {
        guard octets.count <= maximumLength, octets.count > 8, let start = plainScheme(octets)
        else { return nil }
        let (name, plain) = (nameCharacters, plainCharacters)
        var index = start
        while index < octets.count, name.contains(octets[index]) || octets[index] == 0x2E {
            // A label is empty.
            if octets[index] == 0x2E, index == start || octets[index - 1] == 0x2E { return nil }
            index += 1
        }
        let host = start..<index
        guard !host.isEmpty, octets[index - 1] != 0x2E else { return nil }
        if index < octets.count {
            guard octets[index] == 0x2F || octets[index] == 0x3F || octets[index] == 0x23 else {
                return nil
            }
        }
        while index < octets.count {
            guard plain.contains(octets[index]) else { return nil }
            index += 1
        }
        return (start == 8, host)
    }

    /// The length of a lower-case scheme.
    private static func plainScheme(_ octets: Span<UInt8>) -> Int? {
        guard octets[0] == 0x68, octets[1] == 0x74, octets[2] == 0x74, octets[3] == 0x70 else {
            return nil
        }
        let length = octets[4] == 0x73 ? 8 : 7
        guard octets[length - 3] == 0x3A, octets[length - 2] == 0x2F, octets[length - 1] == 0x2F
        else { return nil }
        return length
    }

    private static func scheme(of bytes: [UInt8]) -> (length: Int, isHTTPS: Bool)? {
        // Setting this bit makes letters lower-case and leaves ":" and "/" as they are; what else
        // it turns into those two is a control character.
        let start = bytes.prefix(8).map { $0 | 0x20 }
        if start.elementsEqual("https://".utf8) { return (8, true) }
        return start.starts(with: "http://".utf8) ? (7, false) : nil
    }

    /// How long the host of `host[:port]` is; nil with user information or characters no host has.
    private static func host(of authority: ArraySlice<UInt8>) -> Int? {
        let isLiteral = authority.first == 0x5B
        let end =
            isLiteral
            ? authority.firstIndex(of: 0x5D).map { $0 + 1 } ?? authority.endIndex
            : authority.firstIndex(of: 0x3A) ?? authority.endIndex
        let port = authority[end...]
        guard port.isEmpty || port.first == 0x3A, port.count <= 6,
            port.dropFirst().allSatisfy({ (0x30...0x39).contains($0) }),
            port.dropFirst().reduce(0, { $0 * 10 + Int($1 - 0x30) }) <= 65_535
        else { return nil }
        let host = authority[..<end]
        // `http://http://acme.test` was meant for another.
        if port.count == 1,
            ["http", "https"].contains(String(decoding: host, as: UTF8.self).lowercased())
        {
            return nil
        }
        return isLiteral ? literal(host) : name(host)
    }

    /// An IPv6 address in brackets; not checked further than its characters.
    private static func literal(_ host: ArraySlice<UInt8>) -> Int? {
        let allowed = literalCharacters
        let address = host.dropFirst().dropLast()
        guard host.last == 0x5D, !address.isEmpty, address.allSatisfy({ allowed.contains($0) })
        else { return nil }
        return host.count
    }

    /// A host name; underscores are in use in those that are no mail domains.
    private static func name(_ host: ArraySlice<UInt8>) -> Int? {
        let allowed = nameCharacters
        let name = host.last == 0x2E ? host.dropLast() : host
        var previous: UInt8 = 0x2E
        for byte in name {
            // Two dots, or one at the start, would leave a label empty.
            guard allowed.contains(byte) || (byte == 0x2E && previous != 0x2E) else { return nil }
            previous = byte
        }
        return previous == 0x2E ? nil : name.count
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

    /// `bytes` with everything from `start` on percent-encoded where it must be.
    private static func encoded(_ bytes: [UInt8], from start: Int) -> [UInt8] {
        let rest = bytes[start...]
        let special = encodedCharacters
        if !rest.contains(where: { $0 >= 0x80 || special.contains($0) }) { return bytes }
        return bytes[..<start]
            + PercentCoding.encode(rest) { $0 < 0x80 && !special.contains($0) }
    }

    private static let literalCharacters = ASCIISet("0123456789abcdefABCDEF:.")
    private static let nameCharacters = ASCIISet.hostLabel.union("_")
    /// Browsers take a backslash for a slash, so that it would change the path.
    private static let encodedCharacters = ASCIISet("'`{}|^ <>\"\\")
    /// Printable ASCII without these.
    private static let plainCharacters = ASCIISet.lettersAndDigits.union("!#$%&()*+,-./:;=?@[]_~")
}
