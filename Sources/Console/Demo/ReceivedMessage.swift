internal import FoundationEssentials

/// A mail as the demonstration's mail server received it, or as it would go out, read back: enough of
/// MIME (RFC 2045, 2046) to show its headers, its text part and its HTML part.
struct ReceivedMessage: Sendable {
    /// Unfolded, in their order.
    let headers: [(name: String, value: String)]
    /// The text/plain part, decoded, LF at line ends.
    let text: String
    /// The text/html part, decoded, LF at line ends; nil if there is none.
    let html: String?

    init(_ octets: [UInt8]) {
        let (headers, body) = Self.split(Self.lines(octets))
        self.headers = headers
        text = Self.part("text/plain", headers, body) ?? ""
        html = Self.part("text/html", headers, body)
    }

    func header(_ name: String) -> String? { Self.value(name, headers) }

    private typealias Headers = [(name: String, value: String)]

    private static func lines(_ octets: [UInt8]) -> [String] {
        var lines = octets.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
            String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
        }
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    private static func split(_ lines: [String]) -> (Headers, [String]) {
        var headers: Headers = []
        for (index, line) in lines.enumerated() {
            if line.isEmpty { return (headers, Array(lines[(index + 1)...])) }
            if line.first == " " || line.first == "\t", !headers.isEmpty {
                headers[headers.count - 1].value += line
            } else if let colon = line.firstIndex(of: ":") {
                let value = line[line.index(after: colon)...].drop { $0 == " " }
                headers.append((String(line[..<colon]), String(value)))
            }
        }
        return (headers, [])
    }

    private static func value(_ name: String, _ headers: Headers) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    private static func part(
        _ wanted: String, _ headers: Headers, _ body: [String]
    ) -> String? {
        let type = value("Content-Type", headers) ?? "text/plain"
        if type.hasPrefix(wanted) {
            return switch value("Content-Transfer-Encoding", headers)?.lowercased() {
            case "quoted-printable": quotedPrintable(body)
            case "base64": base64(body)
            default: body.joined(separator: "\n") + "\n"
            }
        }
        guard type.hasPrefix("multipart/"), let boundary = boundary(in: type) else { return nil }
        // What follows the last part is nobody's.
        return body.prefix { $0 != "--\(boundary)--" }
            .split(separator: "--\(boundary)", omittingEmptySubsequences: false)
            .dropFirst().lazy
            .compactMap { part in
                let (headers, body) = split(Array(part))
                return headers.isEmpty ? nil : self.part(wanted, headers, body)
            }.first
    }

    private static func boundary(in type: String) -> String? {
        let parameter = type.split(separator: ";").map { $0.drop { $0 == " " || $0 == "\t" } }
            .first { $0.lowercased().hasPrefix("boundary=") }
        return parameter.map { String($0.dropFirst("boundary=".count).filter { $0 != "\"" }) }
    }

    /// RFC 2045, section 6.8.
    private static func base64(_ lines: [String]) -> String {
        let data = Data(base64Encoded: lines.joined(), options: .ignoreUnknownCharacters) ?? Data()
        return String(decoding: data, as: UTF8.self).replacing("\r\n", with: "\n")
    }

    /// RFC 2045, section 6.7.
    private static func quotedPrintable(_ lines: [String]) -> String {
        var octets: [UInt8] = []
        for line in lines {
            var rest = Array(line.utf8)[...]
            while let octet = rest.popFirst() {
                guard octet == UInt8(ascii: "=") else {
                    octets.append(octet)
                    continue
                }
                guard !rest.isEmpty else { break }
                let digits = String(decoding: rest.prefix(2), as: UTF8.self)
                octets.append(UInt8(digits, radix: 16) ?? UInt8(ascii: "?"))
                rest = rest.dropFirst(2)
            }
            if !line.hasSuffix("=") { octets.append(0x0A) }
        }
        return String(decoding: octets, as: UTF8.self)
    }
}
