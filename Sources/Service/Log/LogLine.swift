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

    private init() { bytes.reserveCapacity(512) }

    static func render(
        _ format: LogFormat, time: WallTime, level: LogLevel, event: LogEvent, fields: LogFields
    ) -> [UInt8] {
        switch format {
        case .text, .journal: text(format, time, level, event, fields)
        case .json: json(time, level, event, fields)
        }
    }

    /// A line's words and fields, without time, level and end.
    static func words(_ event: LogEvent, _ fields: LogFields) -> [UInt8] {
        var line = LogLine()
        line.putWords(event, fields)
        return line.bytes
    }

    /// A value as it stands in a line of text.
    static func text(_ value: LogValue) -> [UInt8] {
        var line = LogLine()
        line.putText(value)
        return line.bytes
    }

    private static func text(
        _ format: LogFormat, _ time: WallTime, _ level: LogLevel, _ event: LogEvent,
        _ fields: LogFields
    ) -> [UInt8] {
        var line = LogLine()
        if format == .journal {
            line.put("<\(level.priority)>")
        } else {
            Timestamp.append(time, to: &line.bytes)
            line.put(" ")
            line.put(level.rawValue)
            line.bytes.append(
                contentsOf: repeatElement(0x20, count: max(1, 6 - level.rawValue.utf8.count)))
        }
        line.putWords(event, fields)
        line.put("\n")
        return line.bytes
    }

    private mutating func putWords(_ event: LogEvent, _ fields: LogFields) {
        put(event.line.text)
        put(fields, truncation: " truncated=true") { field, line in
            line.bytes.append(UInt8(ascii: " "))
            line.put(Self.name(field.name))
            line.bytes.append(UInt8(ascii: "="))
            line.putText(field.value)
        }
    }

    private static func json(
        _ time: WallTime, _ level: LogLevel, _ event: LogEvent, _ fields: LogFields
    ) -> [UInt8] {
        var line = LogLine()
        line.put("{\"time\":\"")
        Timestamp.append(time, to: &line.bytes)
        line.put("\",\"level\":\"\(level.rawValue)\",\"event\":\"\(event.rawValue)\",\"message\":")
        line.putQuoted(event.line.text)
        line.put(fields, truncation: ",\"truncated\":true") { field, line in
            line.put(",\"")
            line.put(name(field.name))
            line.put("\":")
            line.putJSON(field.value)
        }
        line.put("}\n")
        return line.bytes
    }

    /// Fields that no longer fit are left out whole, so that the line stays well-formed.
    private mutating func put(
        _ fields: LogFields, truncation: String,
        _ render: (LogFields.Field, inout LogLine) -> Void
    ) {
        var isTruncated = false
        for field in fields.fields {
            let start = bytes.count
            render(field, &self)
            if bytes.count + Self.reserve > Self.limit {
                bytes.removeSubrange(start...)
                isTruncated = true
            }
        }
        if isTruncated { put(truncation) }
    }

    private mutating func put(_ text: String) { bytes.append(text: text) }

    private mutating func putQuoted(_ text: String) {
        put("\"")
        Escaping.append(text, to: &bytes, limit: Self.textLimit)
        put("\"")
    }

    private mutating func putText(_ value: LogValue) {
        switch value {
        case .string(let text) where Self.isBare(text): put(text)
        case .string(let text): putQuoted(text)
        case .int(let number): put(number)
        case .double(let number): put("\(number)")
        case .duration(let duration): putSeconds(duration)
        case .list(let numbers): putList(numbers)
        case .words(let words): putText(.string(words.joined(separator: ",")))
        }
    }

    private mutating func putJSON(_ value: LogValue) {
        switch value {
        case .string(let text): putQuoted(text)
        case .int(let number): put(number)
        // JSON has no infinity.
        case .double(let number): put(number.isFinite ? "\(number)" : "null")
        case .duration(let duration): putSeconds(duration)
        case .list(let numbers):
            put("[")
            putList(numbers)
            put("]")
        // One alone is a text, as it is in a line of text.
        case .words(let words) where words.count == 1: putQuoted(words[0])
        case .words(let words):
            put("[")
            for (index, word) in words.enumerated() {
                if index > 0 { put(",") }
                putQuoted(word)
            }
            put("]")
        }
    }

    private mutating func putList(_ numbers: [Int64]) {
        for (index, number) in numbers.enumerated() {
            if index > 0 { put(",") }
            put(number)
        }
    }

    private mutating func put(_ number: Int64) {
        if number < 0 { put("-") }
        Timestamp.append(number.magnitude, 1, to: &bytes)
    }

    /// Needs no quotes: printable ASCII without those that mean something in the line.
    private static func isBare(_ text: String) -> Bool {
        guard (1...256).contains(text.utf8.count) else { return false }
        return text.allOctets { byte in
            (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "\"")
                && byte != UInt8(ascii: "=") && byte != UInt8(ascii: "\\")
        }
    }

    /// Names come from our code; this keeps a slip there from breaking lines.
    static func name(_ text: String) -> String {
        if text.utf8.count <= 64, text.allOctets(isOfName) { return text }
        return String(
            text.map { $0.utf8.count == 1 && $0.utf8.allSatisfy(isOfName) ? $0 : "_" }.prefix(64))
    }

    /// An ASCII letter or digit, or the underscore.
    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
        default: false
        }
    }

    /// Seconds with three decimals, rounded towards zero.
    private mutating func putSeconds(_ duration: Duration) {
        let milliseconds = duration.inMilliseconds
        let (whole, rest) = milliseconds.magnitude.quotientAndRemainder(dividingBy: 1_000)
        if milliseconds < 0 { put("-") }
        Timestamp.append(whole, 1, to: &bytes)
        put(".")
        Timestamp.append(rest, 3, to: &bytes)
    }
}
