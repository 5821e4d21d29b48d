/// Takes a multipart mail apart (RFC 2046, section 5.1).
enum MultipartReader {
    struct Part {
        /// Without parameters.
        var type: String
        /// Decoded, with LF at line ends.
        var octets: [UInt8]
    }

    static func parts(_ mail: [UInt8]) throws(Broken) -> [Part] {
        let lines = try MIMEReader.lines(of: mail, limit: 998)
        let header = lines.prefix { !$0.isEmpty }.map { String(decoding: $0, as: UTF8.self) }
        guard
            let boundary = header.first(where: { $0.hasPrefix(" boundary=\"") })?.dropFirst(11)
                .dropLast()
        else { throw Broken("no boundary") }
        let delimiter = Array("--\(boundary)".utf8)
        var sections = lines.split(omittingEmptySubsequences: false) { $0 == delimiter }
        guard let last = sections.popLast(), sections.count > 0,
            let end = last.firstIndex(of: delimiter + Array("--".utf8))
        else { throw Broken("the last part does not end") }
        try demand(last[end...].dropFirst() == [[]], "something follows the last part")
        var parts: [Part] = []
        for section in sections.dropFirst() + [last[..<end]] { parts.append(try part(section)) }
        return parts
    }

    private static func part(_ lines: ArraySlice<[UInt8]>) throws(Broken) -> Part {
        let header = lines.prefix { !$0.isEmpty }.map { String(decoding: $0, as: UTF8.self) }
        let body = Array(lines.dropFirst(header.count + 1).joined(separator: [0x0D, 0x0A]))
        func value(_ name: String) -> Substring {
            header.first { $0.hasPrefix(name) }?.dropFirst(name.count).prefix { $0 != ";" } ?? ""
        }
        let type = String(value("Content-Type: "))
        switch value("Content-Transfer-Encoding: ") {
        case "quoted-printable":
            return Part(type: type, octets: try MIMEReader.quotedPrintable(body))
        case "base64":
            let decoded = try MIMEReader.base64(lines: body)
            return Part(type: type, octets: decoded.filter { $0 != 0x0D })
        default: throw Broken("a part without an encoding")
        }
    }
}
