package import Delivery

/// Makes what a relay says safe to store, log and print.
///
/// The bytes come from outside and may be anything (CVE-2020-8794 was a reply text that ended up in
/// a file of its own).
package enum ReplyText {
    /// The most characters that are kept.
    package static let limit = 1_000

    /// One line of at most `limit` characters: invalid UTF-8, control characters (C0, DEL, C1),
    /// line separators and marks that turn the writing direction become U+FFFD, a tab a space.
    package static func clean(_ bytes: some Collection<UInt8>, limit: Int = limit) -> String {
        if bytes.count <= limit, bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) {
            return String(decoding: bytes, as: UTF8.self)
        }
        var scalars = String.UnicodeScalarView()
        // Four octets are the longest scalar: no need to decode what is cut off anyway.
        for scalar in String(decoding: bytes.prefix(4 * limit), as: UTF8.self).unicodeScalars
            .prefix(limit)
        {
            scalars.append(printable(scalar))
        }
        return String(scalars)
    }

    private static func printable(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0x09: " "
        case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029, 0x200E, 0x200F, 0x202A...0x202E,
            0x2066...0x2069:
            "\u{FFFD}"
        default: scalar
        }
    }

    /// The enhanced code at the start of a reply's line (RFC 2034, section 4), and how many octets
    /// it takes with the space after it.
    ///
    /// Its class has to be the reply code's first digit.
    package static func enhancedCode(
        in line: ArraySlice<UInt8>, replyCode: Int
    ) -> (code: EnhancedStatusCode, length: Int)? {
        var rest = line
        guard let classDigit = number(&rest, digits: 1), classDigit == replyCode / 100,
            [2, 4, 5].contains(classDigit), dot(&rest), let subject = number(&rest, digits: 3),
            dot(&rest), let detail = number(&rest, digits: 3)
        else { return nil }
        guard let next = rest.first else {
            return (EnhancedStatusCode(classDigit, subject, detail), line.count)
        }
        guard next == UInt8(ascii: " ") else { return nil }
        return (EnhancedStatusCode(classDigit, subject, detail), line.count - rest.count + 1)
    }

    private static func dot(_ rest: inout ArraySlice<UInt8>) -> Bool {
        guard rest.first == UInt8(ascii: ".") else { return false }
        rest.removeFirst()
        return true
    }

    private static func number(_ rest: inout ArraySlice<UInt8>, digits: Int) -> Int? {
        var value: Int?
        for _ in 0..<digits {
            guard let byte = rest.first, (0x30...0x39).contains(byte) else { break }
            value = (value ?? 0) * 10 + Int(byte - 0x30)
            rest.removeFirst()
        }
        return value
    }
}
