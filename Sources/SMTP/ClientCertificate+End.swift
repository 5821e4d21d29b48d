package import Delivery
internal import FoundationEssentials

extension ClientCertificate {
    /// When the first certificate of a PEM file ends; nil if there is none that can be read.
    ///
    /// libcurl tells of the relay's certificates, not of ours, so this one is taken apart here
    /// (RFC 5280, section 4.1): only as far as `notAfter`.
    package static func end(inPEM text: String) -> WallTime? {
        guard let start = text.firstRange(of: "-----BEGIN CERTIFICATE-----"),
            let end = text[start.upperBound...].firstRange(of: "-----END CERTIFICATE-----"),
            let data = Data(
                base64Encoded: String(text[start.upperBound..<end.lowerBound]),
                options: .ignoreUnknownCharacters)
        else { return nil }
        var outer = DERReader(Array(data)[...])
        guard var certificate = outer.enter(), var fields = certificate.enter() else { return nil }
        // The version is there in all but the oldest: then come number, algorithm and issuer.
        if fields.nextTag == 0xA0 { _ = fields.next() }
        for _ in 0..<3 where fields.next() == nil { return nil }
        guard var validity = fields.enter(), validity.next() != nil, let last = validity.next()
        else { return nil }
        return time(last.tag, last.content)
    }

    /// UTCTime `YYMMDDHHMMSSZ` (1950 to 2049), GeneralizedTime `YYYYMMDDHHMMSSZ`.
    private static func time(_ tag: UInt8, _ content: ArraySlice<UInt8>) -> WallTime? {
        let yearDigits = tag == 0x17 ? 2 : 4
        guard tag == 0x17 || tag == 0x18, content.count == yearDigits + 11,
            content.last == UInt8(ascii: "Z"),
            content.dropLast().allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        var rest = content
        func number(_ digits: Int) -> Int64 {
            defer { rest = rest.dropFirst(digits) }
            return rest.prefix(digits).reduce(0) { $0 * 10 + Int64($1 - 0x30) }
        }
        var year = number(yearDigits)
        if yearDigits == 2 { year += year < 50 ? 2_000 : 1_900 }
        let (month, day) = (number(2), number(2))
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        let seconds = number(2) * 3_600 + number(2) * 60 + number(2)
        let days = CivilDate.daysSince1970(year: year, month: month, day: day)
        return WallTime(milliseconds: (days * 86_400 + seconds) * 1_000)
    }
}

/// One level of DER: tag, length, content; lengths of more than four octets are not believed.
private struct DERReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var nextTag: UInt8? { rest.first }

    mutating func next() -> (tag: UInt8, content: ArraySlice<UInt8>)? {
        guard let tag = rest.popFirst(), let first = rest.popFirst() else { return nil }
        var length = Int(first)
        if first >= 0x80 {
            let count = Int(first & 0x7F)
            guard (1...4).contains(count), rest.count >= count else { return nil }
            length = rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(count)
        }
        guard rest.count >= length else { return nil }
        defer { rest = rest.dropFirst(length) }
        return (tag, rest.prefix(length))
    }

    /// What stands within the next SEQUENCE.
    mutating func enter() -> DERReader? {
        guard let (tag, content) = next(), tag == 0x30 else { return nil }
        return DERReader(content)
    }
}
