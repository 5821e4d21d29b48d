import Delivery

/// Renders one line.
///
/// Pure: what goes in decides what comes out.
struct LogLine {
    /// No line is longer, its end included.
    static let limit = 8_192
    /// No single text takes more, so that one field can't push out the others.
    static let textLimit = 2_048
    /// Kept free for what says that fields were left out, and for the end.
    private static let reserve = 24

    private var bytes: [UInt8] = []

    static func render(
        _ format: LogFormat, time: WallTime, level: LogLevel, message: String, fields: LogFields
    ) -> [UInt8] {
        switch format {
        case .text, .journal: text(format, time, level, message, fields)
        case .json: json(time, level, message, fields)
        }
    }

    private static func text(
        _ format: LogFormat, _ time: WallTime, _ level: LogLevel, _ message: String,
        _ fields: LogFields
    ) -> [UInt8] {
        var line = LogLine()
        if format == .journal {
            line.put("<\(level.priority)>")
        } else {
            let padding = String(repeating: " ", count: max(0, 5 - level.rawValue.count))
            line.put("\(Timestamp.text(time)) \(level.rawValue)\(padding) ")
        }
        Escaping.append(message, to: &line.bytes, limit: textLimit, escapingQuotes: false)
        line.put(fields, truncation: " truncated=true") { field in
            var part = LogLine()
            part.put(" \(name(field.name))=")
            part.putText(field.value)
            return part.bytes
        }
        line.put("\n")
        return line.bytes
    }

    private static func json(
        _ time: WallTime, _ level: LogLevel, _ message: String, _ fields: LogFields
    ) -> [UInt8] {
        var line = LogLine()
        line.put(
            "{\"time\":\"\(Timestamp.text(time))\",\"level\":\"\(level.rawValue)\",\"message\":")
        line.putQuoted(message)
        line.put(fields, truncation: ",\"truncated\":true") { field in
            var part = LogLine()
            part.put(",\"\(name(field.name))\":")
            part.putJSON(field.value)
            return part.bytes
        }
        line.put("}\n")
        return line.bytes
    }

    /// Fields that no longer fit are left out whole, so that the line stays well-formed.
    private mutating func put(
        _ fields: LogFields, truncation: String, _ render: (LogFields.Field) -> [UInt8]
    ) {
        var isTruncated = false
        for field in fields.fields {
            let part = render(field)
            if bytes.count + part.count + Self.reserve <= Self.limit {
                bytes += part
            } else {
                isTruncated = true
            }
        }
        if isTruncated { put(truncation) }
    }

    private mutating func put(_ text: String) { bytes += Array(text.utf8) }

    private mutating func putQuoted(_ text: String) {
        put("\"")
        Escaping.append(text, to: &bytes, limit: Self.textLimit)
        put("\"")
    }

    private mutating func putText(_ value: LogValue) {
        switch value {
        case .string(let text) where Self.isBare(text): put(text)
        case .string(let text): putQuoted(text)
        case .int(let number): put("\(number)")
        case .double(let number): put("\(number)")
        case .duration(let duration): put(Self.seconds(duration))
        case .list(let numbers): putList(numbers)
        }
    }

    private mutating func putJSON(_ value: LogValue) {
        switch value {
        case .string(let text): putQuoted(text)
        case .int(let number): put("\(number)")
        // JSON has no infinity.
        case .double(let number): put(number.isFinite ? "\(number)" : "null")
        case .duration(let duration): put(Self.seconds(duration))
        case .list(let numbers):
            put("[")
            putList(numbers)
            put("]")
        }
    }

    private mutating func putList(_ numbers: [Int64]) {
        put(numbers.map { "\($0)" }.joined(separator: ","))
    }

    /// Needs no quotes: printable ASCII without those that mean something in the line.
    private static func isBare(_ text: String) -> Bool {
        (1...256).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "\"")
                    && byte != UInt8(ascii: "=") && byte != UInt8(ascii: "\\")
            }
    }

    /// Names come from our code; this keeps a slip there from breaking lines.
    private static func name(_ text: String) -> String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }.prefix(64))
    }

    /// Seconds with three decimals, rounded towards zero.
    static func seconds(_ duration: Duration) -> String {
        let milliseconds = duration.inMilliseconds
        let (whole, rest) = milliseconds.magnitude.quotientAndRemainder(dividingBy: 1_000)
        return "\(milliseconds < 0 ? "-" : "")\(whole).\(Timestamp.padded(Int64(rest), 3))"
    }
}
