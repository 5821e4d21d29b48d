/// A request without what it says beyond method and path: no field of it changes an answer.
package struct HTTPRequest: Hashable, Sendable {
    package var method: String
    /// Without the query: `/metrics`.
    package var path: String
    /// The connection ends with the answer.
    package var closes: Bool
    /// Content follows, which nobody reads.
    package var hasContent: Bool

    package init(
        method: String, path: String, closes: Bool = false, hasContent: Bool = false
    ) {
        self.method = method
        self.path = path
        self.closes = closes
        self.hasContent = hasContent
    }

    package var isHead: Bool { method == "HEAD" }
}

extension HTTPRequest {
    /// What some octets are.
    enum Reading: Equatable {
        /// The rest is not here yet.
        case incomplete
        /// A request, which takes so many octets.
        case request(HTTPRequest, length: Int)
        /// No request; the connection is of no use any more.
        case refused(HTTPStatus)
    }

    /// The head of a request, in octets.
    static let longest = 8_192
    private static let longestLine = 2_048
    private static let mostFields = 64

    /// Reads a request's head (RFC 9112, sections 2 to 6): CRLF or LF ends a line, empty lines before it do not
    /// count.
    static func read(_ octets: ArraySlice<UInt8>) -> Reading {
        let start = octets.firstIndex { $0 != cr && $0 != lf } ?? octets.endIndex
        var lines: [ArraySlice<UInt8>] = []
        var rest = octets[start...]
        while let end = rest.firstIndex(of: lf) {
            var line = rest[..<end]
            if line.last == cr { line.removeLast() }
            rest = rest[(end + 1)...]
            let length = rest.startIndex - octets.startIndex
            guard length <= longest else { return tooLong(lines.count) }
            if line.isEmpty { return request(lines, length: length) }
            if lines.isEmpty, line.count > longestLine { return .refused(.uriTooLong) }
            lines.append(line)
            guard lines.count <= mostFields + 1 else { return .refused(.headersTooLarge) }
        }
        if lines.isEmpty, rest.count > longestLine { return .refused(.uriTooLong) }
        return octets.count >= longest ? tooLong(lines.count) : .incomplete
    }

    private static func tooLong(_ lines: Int) -> Reading {
        .refused(lines == 0 ? .uriTooLong : .headersTooLarge)
    }

    private static func request(_ lines: [ArraySlice<UInt8>], length: Int) -> Reading {
        guard let first = lines.first else { return .incomplete }
        let words = first.split(separator: sp, omittingEmptySubsequences: false)
        guard words.count == 3, !words[0].isEmpty, words[0].allSatisfy(isToken),
            let version = version(words[2]), let path = path(words[1])
        else { return .refused(.badRequest) }
        guard version.major == 1 else { return .refused(.versionNotSupported) }
        var request = HTTPRequest(
            method: String(decoding: words[0], as: UTF8.self), path: path,
            closes: version.minor == 0)
        var hosts = 0
        for line in lines.dropFirst() {
            guard let field = field(line) else { return .refused(.badRequest) }
            if field.name == "host" { hosts += 1 }
            guard request.heed(field) else { return .refused(.badRequest) }
        }
        // RFC 9112, section 3.2: none, or two, is a 400.
        guard hosts == 1 || hosts == 0 && version.minor == 0 else { return .refused(.badRequest) }
        return .request(request, length: length)
    }

    // MARK: The request line

    private static func version(_ word: ArraySlice<UInt8>) -> (major: Int, minor: Int)? {
        let octets = Array(word)
        guard octets.count == 8, octets.starts(with: Array("HTTP/".utf8)),
            octets[6] == UInt8(ascii: "."), isDigit(octets[5]), isDigit(octets[7])
        else { return nil }
        return (Int(octets[5] - 0x30), Int(octets[7] - 0x30))
    }

    /// `/path?query`, or the same behind `http://host`, as a proxy is asked.
    private static func path(_ word: ArraySlice<UInt8>) -> String? {
        guard word.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        var text = String(decoding: word, as: UTF8.self)[...]
        if text.lowercased().hasPrefix("http://") {
            let host = text.dropFirst(7)
            text = host.firstIndex(of: "/").map { host[$0...] } ?? "/"
        }
        guard text.hasPrefix("/") || text == "*" else { return nil }
        return String(text.prefix { $0 != "?" && $0 != "#" })
    }

    // MARK: Fields

    private typealias Field = (name: String, value: String)

    /// A name may have no space behind it, a value no control character, and no line may go on in the next
    /// one: each is a way to make two programs read one request differently (RFC 9112, section 5).
    private static func field(_ line: ArraySlice<UInt8>) -> Field? {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
            line[..<colon].allSatisfy(isToken)
        else { return nil }
        let value = line[(colon + 1)...]
        guard value.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else { return nil }
        let text = String(decoding: value, as: UTF8.self)
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let trimmed = text.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
        return (
            String(decoding: line[..<colon], as: UTF8.self).lowercased(), String(trimmed)
        )
    }

    /// - Returns: false if the field makes no sense.
    private mutating func heed(_ field: Field) -> Bool {
        switch field.name {
        case "connection":
            let tokens = field.value.lowercased().split { $0 == "," || $0 == " " || $0 == "\t" }
            if tokens.contains("close") { closes = true }
        case "content-length":
            guard !field.value.isEmpty, field.value.utf8.allSatisfy(Self.isDigit) else {
                return false
            }
            if field.value.contains(where: { $0 != "0" }) { hasContent = true }
        case "transfer-encoding": hasContent = true
        default: break
        }
        return true
    }

    // MARK: Octets

    private static let cr = UInt8(ascii: "\r")
    private static let lf = UInt8(ascii: "\n")
    private static let sp = UInt8(ascii: " ")

    private static func isDigit(_ octet: UInt8) -> Bool { (0x30...0x39).contains(octet) }

    /// RFC 9110, section 5.6.2.
    private static func isToken(_ octet: UInt8) -> Bool {
        switch octet {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(octet)
        }
    }
}
