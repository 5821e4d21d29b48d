/// A line as the journal's native protocol takes it: fields, so that `journalctl OUTBOXD_ROW=42` finds it.
///
/// `NAME=value` and a line end; where the value has line ends of its own: the name, a line end, the length in
/// eight bytes, little-endian, the value, a line end (https://systemd.io/JOURNAL_NATIVE_PROTOCOL/).
///
/// Bounded: a message of ``LogLine/limit`` and texts of ``LogLine/textLimit``, so that a line is some ten
/// thousand bytes, and a datagram takes two hundred thousand.
enum JournalRecord {
    /// Fields beyond these would be no line of ours.
    private static let mostFields = 40

    static func bytes(_ event: LogEvent, level: LogLevel, _ fields: LogFields) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1_024)
        append("MESSAGE", LogLine.words(event, fields), to: &bytes)
        append("PRIORITY", Array("\(level.priority)".utf8), to: &bytes)
        append("SYSLOG_IDENTIFIER", Array("outboxd".utf8), to: &bytes)
        append("OUTBOXD_EVENT", Array(event.rawValue.utf8), to: &bytes)
        for field in fields.fields.prefix(mostFields) { append(field, to: &bytes) }
        return bytes
    }

    private static func append(_ field: LogFields.Field, to bytes: inout [UInt8]) {
        let name = name(field.name)
        switch field.value {
        case .list(let numbers):
            for number in numbers.prefix(500) { append(name, Array("\(number)".utf8), to: &bytes) }
        case .words(let words):
            for word in words.prefix(100) { append(name, cut(word), to: &bytes) }
        case .string(let text): append(name, cut(text), to: &bytes)
        case .int, .double, .duration: append(name, LogLine.text(field.value), to: &bytes)
        }
    }

    private static func append(_ name: String, _ value: [UInt8], to bytes: inout [UInt8]) {
        bytes += name.utf8
        if value.contains(0x0A) {
            bytes.append(0x0A)
            let length = UInt64(value.count)
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: length >> shift))
            }
        } else {
            bytes.append(UInt8(ascii: "="))
        }
        bytes += value
        bytes.append(0x0A)
    }

    /// `OUTBOXD_` and capitals; a row is one whether it stands alone or in a list.
    private static func name(_ text: String) -> String {
        switch text {
        case "rows": "OUTBOXD_ROW"
        default: "OUTBOXD_" + LogLine.name(text).uppercased()
        }
    }

    private static func cut(_ text: String) -> [UInt8] {
        guard text.utf8.count > LogLine.textLimit else { return Array(text.utf8) }
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            let next = UTF8.encode(scalar).map(Array.init) ?? []
            guard bytes.count + next.count <= LogLine.textLimit else { break }
            bytes += next
        }
        return bytes
    }
}
