import Glibc

/// Reads messages line by line.
///
/// The tests run unoptimised: long runs of octets are left to the C library.
enum MessageLines {
    /// The header fields, unfolded (RFC 5322, section 2.2.3); lines that are none are left out.
    static func headers(of data: [UInt8]) -> [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        let head = String(decoding: data[..<bodyStart(of: data)], as: UTF8.self)
        for line in head.split(separator: "\r\n", omittingEmptySubsequences: true) {
            if line.first == " " || line.first == "\t" {
                if !fields.isEmpty { fields[fields.count - 1].value += line }
            } else if let colon = line.firstIndex(of: ":") {
                let value = line[line.index(after: colon)...]
                fields.append((String(line[..<colon]), String(value)))
            }
        }
        return fields.map { field in
            let end = field.value.lastIndex { $0 != " " && $0 != "\t" }
            let value = end.map { field.value[...$0] } ?? ""
            return (field.name, String(value.drop { $0 == " " || $0 == "\t" }))
        }
    }

    /// Where the body starts: after the first empty line, or at the end.
    static func bodyStart(of data: [UInt8]) -> Int {
        var start = data.count
        eachLine(of: data) { line, range in
            guard line.isEmpty else { return true }
            start = range.upperBound
            return false
        }
        return start
    }

    /// The value of the Message-ID header.
    static func messageID(of data: [UInt8]) -> String? {
        let name = "message-id:"
        var found: String?
        eachLine(of: data) { line, _ in
            if line.isEmpty { return false }
            guard line.count > name.utf8.count, let start = line.baseAddress,
                strncasecmp(start.assumingMemoryBound(to: CChar.self), name, name.utf8.count) == 0
            else { return true }
            let value = line.dropFirst(name.utf8.count)
            found = String(decoding: UnsafeRawBufferPointer(rebasing: value), as: UTF8.self)
                .split(separator: " ").first.map(String.init)
            return false
        }
        return found
    }

    /// What RFC 5321 does not allow in a transferred message (sections 2.3.8 and 4.5.3.1.6), and
    /// octets above 127 where neither 8BITMIME nor SMTPUTF8 was announced with MAIL.
    static func faults(of data: [UInt8], parameters: [String]) -> [String] {
        var faults: Set<String> = []
        eachLine(of: data) { line, range in
            if range.count - line.count == 1 { faults.insert("a bare LF") }
            if line.contains(13) { faults.insert("a bare CR") }
            if line.contains(0) { faults.insert("a NUL") }
            if line.count > 998 { faults.insert("a line of more than 998 octets") }
            return true
        }
        if let last = data.last, last != 10 { faults.insert("a last line without its end") }
        let announced = parameters.contains { ["BODY=8BITMIME", "SMTPUTF8"].contains($0) }
        if !announced && data.contains(where: { $0 > 127 }) {
            faults.insert("8-bit octets that were not announced")
        }
        return faults.sorted()
    }

    /// Calls for each line, ended by LF or the end, without its CRLF or LF, and with the range
    /// that it takes up with them; until that returns false.
    private static func eachLine(
        of data: [UInt8], _ body: (_ line: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool
    ) {
        data.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            var start = 0
            while start < bytes.count {
                let found = memchr(base + start, 10, bytes.count - start)
                let end = found.map { UnsafeRawPointer($0) - base } ?? bytes.count
                let isCRLF = found != nil && end > start && bytes[end - 1] == 13
                let line = UnsafeRawBufferPointer(rebasing: bytes[start..<(isCRLF ? end - 1 : end)])
                let next = found == nil ? end : end + 1
                guard body(line, start..<next) else { return }
                start = next
            }
        }
    }
}
