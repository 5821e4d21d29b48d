/// Makes text from outside harmless on a terminal and in a line: what the relay says can neither
/// forge a log line nor move a cursor.
package enum Escaping {
    /// In double quotes, as JSON writes it, cut after `limit` bytes.
    package static func quoted(_ text: String, limit: Int = 200) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "\"")]
        append(text, to: &bytes, limit: limit)
        bytes.append(UInt8(ascii: "\""))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Without quotes round it, and its own quotes left alone, cut after `limit` bytes.
    package static func printable(_ text: String, limit: Int = 1_024) -> String {
        var bytes: [UInt8] = []
        append(text, to: &bytes, limit: limit, escapingQuotes: false)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the text escaped as JSON does it.
    ///
    /// Control and format characters (among them those that turn the direction of writing), line
    /// separators and unassigned code points become `\uXXXX`. What is longer than `limit` bytes is
    /// cut between two characters and ends in `…`.
    static func append(
        _ text: String, to line: inout [UInt8], limit: Int, escapingQuotes: Bool = true
    ) {
        if text.utf8.count <= limit, text.allOctets({ isPlain($0, escapingQuotes) }) {
            line.append(text: text)
            return
        }
        let end = line.count + limit
        for scalar in text.unicodeScalars {
            let start = line.count
            append(scalar, to: &line, escapingQuotes: escapingQuotes)
            if line.count > end {
                line.removeSubrange(start...)
                line += Array("…".utf8)
                return
            }
        }
    }

    /// Nearly all text: ASCII that stands for itself.
    private static func isPlain(_ byte: UInt8, _ escapingQuotes: Bool) -> Bool {
        guard (0x20...0x7E).contains(byte) else { return false }
        return !escapingQuotes || (byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\"))
    }

    private static func append(
        _ scalar: Unicode.Scalar, to line: inout [UInt8], escapingQuotes: Bool
    ) {
        switch scalar {
        case "\n": line += [0x5C, UInt8(ascii: "n")]
        case "\r": line += [0x5C, UInt8(ascii: "r")]
        case "\t": line += [0x5C, UInt8(ascii: "t")]
        case "\"" where escapingQuotes, "\\" where escapingQuotes:
            line += [0x5C, UInt8(truncatingIfNeeded: scalar.value)]
        case " "..."~": line.append(UInt8(truncatingIfNeeded: scalar.value))
        case _ where isHarmless(scalar): line += UTF8.encode(scalar).map(Array.init) ?? []
        default: appendCode(of: scalar, to: &line)
        }
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator:
            false
        default: true
        }
    }

    private static func appendCode(of scalar: Unicode.Scalar, to line: inout [UInt8]) {
        for unit in UTF16.encode(scalar).map(Array.init) ?? [] {
            let digits = String(unit, radix: 16)
            let zeros = String(repeating: "0", count: 4 - digits.count)
            line += Array("\\u\(zeros)\(digits)".utf8)
        }
    }
}
