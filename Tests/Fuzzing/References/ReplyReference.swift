/// What a relay's octets say (RFC 5321, section 4.2), read all at once and by lines.
enum ReplyReference {
    enum Event: Equatable {
        case reply(code: Int, lines: Int)
        case garbled
    }

    /// What comes after something garbled is nothing.
    static func events(_ octets: [UInt8]) -> [Event] {
        var events: [Event] = []
        var code = 0
        var (count, size) = (0, 0)
        let lines = octets.split(separator: 0x0A, omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() {
            let isOpen = number == lines.count - 1
            let text = line.last == 0x0D && !isOpen ? line.dropLast() : line
            guard text.count <= 2_048 + (isOpen ? 1 : 0) else { return events + [.garbled] }
            if isOpen { break }
            guard let found = Line(text), count == 0 || found.code == code else {
                return events + [.garbled]
            }
            (code, count, size) = (found.code, count + 1, size + line.count + 1)
            guard count <= 100, size <= 65_536 else { return events + [.garbled] }
            guard found.isLast else { continue }
            events.append(.reply(code: code, lines: count))
            (count, size) = (0, 0)
        }
        return events
    }

    private struct Line {
        var code: Int
        var isLast: Bool

        /// nil if that is no line of a reply.
        init?(_ text: ArraySlice<UInt8>) {
            let digits = text.prefix(3)
            guard digits.count == 3, digits.allSatisfy({ (0x30...0x39).contains($0) }),
                let code = Int(String(decoding: digits, as: UTF8.self)), (200...599).contains(code)
            else { return nil }
            let mark = text.dropFirst(3).first
            guard mark == nil || mark == 0x20 || mark == 0x2D else { return nil }
            self.code = code
            isLast = mark != 0x2D
        }
    }
}
