/// Writes a mail's header: folds lines at white space so that they stay within 76 octets where that
/// can be done (RFC 5322, section 2.1.1 asks for 78; RFC 2047, section 2 for 76), and encodes what
/// is not ASCII.
///
/// Values must be free of control characters; ``OneLine`` and the types of addresses, ids and links
/// see to that.
struct HeaderWriter: ~Copyable {
    static let lineLimit = 76

    private var bytes: [UInt8] = []
    private var lineStart = 0

    init(capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    private var lineLength: Int { bytes.count - lineStart }

    consuming func finish() -> [UInt8] { bytes }

    /// `name` with its colon and space.
    mutating func begin(_ name: String) {
        bytes.append(text: name)
    }

    mutating func end() {
        bytes.append(0x0D)
        bytes.append(0x0A)
        lineStart = bytes.count
    }

    /// Whole lines that are always the same, each with its CRLF.
    mutating func lines(_ lines: String) {
        bytes.append(text: lines)
        lineStart = bytes.count
    }

    mutating func lines(_ lines: [UInt8]) {
        bytes.append(lines.span, lines.indices)
        lineStart = bytes.count
    }

    mutating func date(_ time: CalendarTime) {
        begin("Date: ")
        bytes.append(header: time)
        end()
    }

    /// What is short and always ASCII.
    mutating func line(_ parts: String...) {
        for part in parts { bytes.append(text: part) }
        end()
    }

    /// A link in angle brackets; it is not folded.
    mutating func link(_ name: String, _ url: WebURL) {
        begin(name)
        append(bracketed: url.description)
        end()
    }

    mutating func identifier(_ name: String, _ id: MessageID) {
        begin(name)
        append(bracketed: id.description)
        end()
    }

    /// What a mail answers, and what it belongs to (RFC 5322, section 3.6.4).
    mutating func thread(_ anchor: ConversationAnchor, inReplyTo id: MessageID?) {
        begin("In-Reply-To: ")
        if let id {
            append(bracketed: id.description)
        } else {
            bytes.append(anchor.octets.span, anchor.octets.indices)
        }
        end()
        begin("References: ")
        bytes.append(anchor.octets.span, anchor.octets.indices)
        if let id {
            separate(before: id.description.utf8.count + 2)
            append(bracketed: id.description)
        }
        end()
    }

    /// Free text, such as a subject, without runs of spaces: ASCII words as they are; from the
    /// first other one (or one too long for a line, or that reads like an encoded word) on, encoded
    /// words.
    mutating func unstructured(_ name: String, _ value: String) {
        begin(name)
        if Self.fitsPlain(value.utf8.span, after: lineLength) {
            bytes.append(text: value)
            end()
            return
        }
        let text = [UInt8](value.utf8)
        var start = 0
        while start < text.count {
            let end = text[start...].firstIndex(of: 0x20) ?? text.count
            let word = text[start..<end]
            guard Self.isPlain(word) else {
                encodedWords(text[start...], in: .text, afterSpace: start > 0)
                break
            }
            if start > 0 { separate(before: word.count) }
            bytes.append(contentsOf: word)
            start = end + 1
        }
        end()
    }

    mutating func mailbox(_ name: String, _ mailbox: Mailbox) {
        begin(name)
        if let displayName = mailbox.name {
            phrase(displayName)
            separate(before: mailbox.address.description.utf8.count + 2)
            append(bracketed: mailbox.address.description)
        } else {
            bytes.append(text: mailbox.address.description)
        }
        end()
    }

    /// A display name: atoms, or a quoted string, or encoded words (RFC 5322, section 3.2.5).
    private mutating func phrase(_ name: String) {
        if Self.isAtoms(name.utf8.span) {
            bytes.append(text: name)
            return
        }
        guard Self.fitsQuoted(name.utf8.span) else {
            encodedWords(Array(name.utf8)[...], in: .phrase, afterSpace: false)
            return
        }
        bytes.append(0x22)
        for byte in name.utf8 {
            if byte == 0x22 || byte == 0x5C { bytes.append(0x5C) }
            bytes.append(byte)
        }
        bytes.append(0x22)
    }

    private mutating func encodedWords(
        _ text: ArraySlice<UInt8>, in place: EncodedWord.Place, afterSpace: Bool
    ) {
        let literal = place.literal
        let encoding = EncodedWord.Encoding(for: text, literal: literal)
        if afterSpace { separate(before: EncodedWord.minimumLength) }
        var rest = text
        while !rest.isEmpty {
            let room = min(EncodedWord.maximumLength, Self.lineLimit - lineLength)
            let length = max(room, EncodedWord.minimumLength)
            let fitting = EncodedWord.fitting(
                rest, length: length, encoding: encoding, literal: literal)
            EncodedWord.append(
                rest.prefix(fitting), encoding: encoding, literal: literal, to: &bytes)
            rest = rest.dropFirst(fitting)
            if !rest.isEmpty { fold() }
        }
    }

    private mutating func append(bracketed text: String) {
        bytes.append(0x3C)
        bytes.append(text: text)
        bytes.append(0x3E)
    }

    /// A space, on a new line where what follows would not fit this one.
    private mutating func separate(before length: Int) {
        if lineLength + 1 + length > Self.lineLimit {
            fold()
        } else {
            bytes.append(0x20)
        }
    }

    private mutating func fold() {
        bytes.append(text: "\r\n ")
        lineStart = bytes.count - 1
    }

    /// May stand in free text as it is, on any line.
    private static func isPlain(_ word: ArraySlice<UInt8>) -> Bool {
        word.count <= 60 && word.allSatisfy { (0x21...0x7E).contains($0) }
            && !readsEncoded(word.span)
    }

    /// May stand in free text as a whole behind `length` octets, as nearly all does.
    private static func fitsPlain(_ text: Span<UInt8>, after length: Int) -> Bool {
        guard text.count <= 60, length + text.count <= lineLimit else { return false }
        for index in text.indices {
            guard (0x20...0x7E).contains(text[index]), text[index] != 0x3D else { return false }
        }
        return true
    }

    /// May stand as atoms on the header's first line.
    private static func isAtoms(_ text: Span<UInt8>) -> Bool {
        guard text.count <= 58 else { return false }
        let atext = ASCIISet.atext
        for index in text.indices {
            guard text[index] == 0x20 || atext.contains(text[index]) else { return false }
        }
        return !readsEncoded(text)
    }

    /// May stand as a quoted string on the header's first line.
    private static func fitsQuoted(_ text: Span<UInt8>) -> Bool {
        guard text.count <= 58 else { return false }
        var length = 2
        for index in text.indices {
            let byte = text[index]
            guard (0x20...0x7E).contains(byte) else { return false }
            length += byte == 0x22 || byte == 0x5C ? 2 : 1
        }
        return length <= 60 && !readsEncoded(text)
    }

    private static func readsEncoded(_ text: Span<UInt8>) -> Bool {
        var previous: UInt8 = 0
        for index in text.indices {
            if previous == 0x3D, text[index] == 0x3F { return true }
            previous = text[index]
        }
        return false
    }
}
