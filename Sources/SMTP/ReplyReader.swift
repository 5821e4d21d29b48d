package import Delivery

/// Reads SMTP replies (RFC 5321, section 4.2) out of bytes that arrive in any pieces.
///
/// A line is three digits, then nothing, a space or a hyphen and text; it ends in CRLF or a bare
/// LF. Codes from 200 to 599 are replies, the same one on each line of a reply; everything else is
/// garbled, and then the reader reads no further. Memory is bounded, whatever is fed.
package struct ReplyReader: Sendable {
    package enum Event: Hashable, Sendable {
        case reply(SMTPReply)
        /// What came is no reply: cleaned and shortened, or what was wrong with it.
        case garbled(String)
    }

    /// The longest line without its end, in octets (RFC 5321 asks for 512).
    package static let lineLimit = 2_048
    /// The most lines of one reply.
    package static let lineCountLimit = 100
    /// The most octets of one reply, and of what may wait unread.
    package static let sizeLimit = 65_536

    private var buffer: [UInt8] = []
    /// Where the current reply starts in `buffer`, where its first unread line starts, and up to
    /// where no line end was found.
    private var start = 0
    private var lineStart = 0
    private var scanned = 0
    private var code = 0
    private var lines: [Range<Int>] = []
    private var garbledText: String?
    private let keepsLines: Bool

    /// The text lines of the last reply, each cleaned; only where asked for at the start.
    package private(set) var lastLines: [String] = []

    /// - Parameter keepingLines: for EHLO, whose lines are a list.
    package init(keepingLines: Bool = false) {
        keepsLines = keepingLines
    }

    /// No byte waits that belongs to no complete reply yet.
    package var isEmpty: Bool { start == buffer.count && garbledText == nil }

    /// Takes in bytes.
    ///
    /// What comes after something garbled is dropped.
    package mutating func feed(_ bytes: ArraySlice<UInt8>) {
        guard garbledText == nil else { return }
        if start == buffer.count { rewind() }
        guard buffer.count - start + bytes.count <= 2 * Self.sizeLimit else {
            fail("more than \(2 * Self.sizeLimit) octets unread")
            return
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next complete reply; nil if more bytes are needed.
    ///
    /// After something garbled, always that.
    package mutating func next() -> Event? {
        while garbledText == nil, let line = nextLine() {
            if let reply = take(line) { return .reply(reply) }
        }
        return garbledText.map { .garbled($0) }
    }

    /// The next line without its end.
    private mutating func nextLine() -> Range<Int>? {
        while scanned < buffer.count, buffer[scanned] != UInt8(ascii: "\n") { scanned += 1 }
        let isComplete = scanned < buffer.count
        var end = scanned
        if isComplete, end > lineStart, buffer[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        // One more for a CR whose LF has not come yet.
        guard end - lineStart <= Self.lineLimit + (isComplete ? 0 : 1) else {
            fail("a line of more than \(Self.lineLimit) octets")
            return nil
        }
        guard isComplete else { return nil }
        let line = lineStart..<end
        scanned += 1
        lineStart = scanned
        return line
    }

    /// A line of the current reply; the reply where it is the last one.
    private mutating func take(_ line: Range<Int>) -> SMTPReply? {
        guard let lineCode = replyCode(of: line), lines.isEmpty || lineCode == code else {
            fail(ReplyText.clean(buffer[line], limit: 200))
            return nil
        }
        code = lineCode
        guard lines.count < Self.lineCountLimit, lineStart - start <= Self.sizeLimit else {
            fail("a reply of more than \(Self.lineCountLimit) lines or \(Self.sizeLimit) octets")
            return nil
        }
        lines.append(min(line.lowerBound + 4, line.upperBound)..<line.upperBound)
        let continues = line.count > 3 && buffer[line.lowerBound + 3] == UInt8(ascii: "-")
        guard !continues else { return nil }
        let reply = makeReply()
        start = lineStart
        lines.removeAll(keepingCapacity: true)
        return reply
    }

    private func replyCode(of line: Range<Int>) -> Int? {
        guard line.count >= 3 else { return nil }
        var value = 0
        for byte in buffer[line.lowerBound..<line.lowerBound + 3] {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        guard (200...599).contains(value) else { return nil }
        guard line.count > 3 else { return value }
        let separator = buffer[line.lowerBound + 3]
        return separator == UInt8(ascii: " ") || separator == UInt8(ascii: "-") ? value : nil
    }

    private mutating func makeReply() -> SMTPReply {
        if keepsLines { lastLines = lines.map { ReplyText.clean(buffer[$0]) } }
        var enhanced: EnhancedStatusCode?
        var text: [UInt8] = []
        for line in lines {
            var words = buffer[line]
            if let found = ReplyText.enhancedCode(in: words, replyCode: code) {
                // Said once is enough.
                if enhanced == found.code { words = words.dropFirst(found.length) }
                enhanced = enhanced ?? found.code
            }
            if !text.isEmpty, !words.isEmpty { text.append(UInt8(ascii: " ")) }
            text.append(contentsOf: words)
        }
        return SMTPReply(code: code, enhanced: enhanced, text: ReplyText.clean(text))
    }

    private mutating func rewind() {
        buffer.removeAll(keepingCapacity: true)
        start = 0
        lineStart = 0
        scanned = 0
    }

    private mutating func fail(_ text: String) {
        garbledText = text
        lines = []
        buffer = []
        start = 0
        lineStart = 0
        scanned = 0
    }
}
