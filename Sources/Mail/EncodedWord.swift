/// Encoded words (RFC 2047): how text that is not ASCII stands in a header.
enum EncodedWord {
    /// Where the word stands decides which characters Q may leave as they are (sections 5.1, 5.3).
    enum Place {
        case text, phrase

        var literal: ASCIISet {
            switch self {
            case .text: Self.textLiteral
            case .phrase: Self.phraseLiteral
            }
        }

        private static let phraseLiteral = ASCIISet.lettersAndDigits.union("!*+-/")
        private static let textLiteral = phraseLiteral.union("#$%&'(),.:;<>@[\\]^`{|}~\"")
    }

    enum Encoding {
        case q, b

        /// The one that makes `text` shorter; Q where they are equal, since people can read it.
        init(for text: ArraySlice<UInt8>, literal: ASCIISet) {
            let q = text.reduce(0) { $0 + EncodedWord.qLength(of: $1, literal: literal) }
            self = q <= (text.count + 2) / 3 * 4 ? .q : .b
        }
    }

    /// `=?utf-8?q?` and `?=`.
    static let overhead = 12
    static let maximumLength = 75
    /// The least that can hold any one character in either encoding.
    static let minimumLength = overhead + 12

    static func qLength(of byte: UInt8, literal: ASCIISet) -> Int {
        byte == 0x20 || literal.contains(byte) ? 1 : 3
    }

    /// How many octets of `text` fit into one word of `length` characters: whole Unicode scalars,
    /// since each word is decoded by itself (section 5), and at least one.
    static func fitting(
        _ text: ArraySlice<UInt8>, length: Int, encoding: Encoding, literal: ASCIISet
    ) -> Int {
        let room = length - overhead
        var used = 0
        var fitting = 0
        for (offset, byte) in text.enumerated() {
            if byte & 0xC0 != 0x80 { fitting = offset }
            used += encoding == .q ? qLength(of: byte, literal: literal) : 1
            if used > (encoding == .q ? room : room / 4 * 3) { return fitting }
        }
        return text.count
    }

    static func append(
        _ text: ArraySlice<UInt8>, encoding: Encoding, literal: ASCIISet, to out: inout [UInt8]
    ) {
        switch encoding {
        case .q:
            out.append(text: "=?utf-8?q?")
            for byte in text { appendQ(byte, literal: literal, to: &out) }
        case .b:
            out.append(text: "=?utf-8?b?")
            appendBase64(text, to: &out)
        }
        out.append(text: "?=")
    }

    private static func appendQ(_ byte: UInt8, literal: ASCIISet, to out: inout [UInt8]) {
        if byte == 0x20 {
            out.append(0x5F)
        } else if literal.contains(byte) {
            out.append(byte)
        } else {
            out.append(0x3D)
            out.append(hex: byte)
        }
    }

    private static func appendBase64(_ text: ArraySlice<UInt8>, to out: inout [UInt8]) {
        let digits = [UInt8](
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var rest = text
        while !rest.isEmpty {
            let group = rest.prefix(3)
            rest = rest.dropFirst(3)
            var bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            bits <<= UInt32(8 * (3 - group.count))
            for position in 0..<4 {
                let digit = digits[Int(bits >> UInt32(18 - 6 * position) & 63)]
                out.append(position > group.count ? 0x3D : digit)
            }
        }
    }
}
