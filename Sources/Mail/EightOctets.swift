/// Eight octets of a text in one machine word, tested together.
///
/// Nearly all text is plain: what is not is then looked for octet by octet. Each test may say yes
/// beside an octet that it is true of, never where it is true of none.
struct EightOctets {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    private let word: UInt64

    /// nil if there are no eight from there on.
    @inline(__always)
    init?(_ text: Span<UInt8>, from start: Int, limit: Int) {
        guard start + 8 <= limit else { return nil }
        // Any eight octets make an integer.
        word = unsafe text.bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self)
    }

    /// Printable ASCII, the space included.
    @inline(__always)
    var arePrintable: Bool {
        let belowSpace = (word &- Self.ones &* 0x20) & ~word
        return (word | belowSpace) & Self.highBits == 0 && !hold(0x7F)
    }

    @inline(__always)
    func hold(_ octet: UInt8) -> Bool {
        let difference = word ^ (Self.ones &* UInt64(octet))
        return (difference &- Self.ones) & ~difference & Self.highBits != 0
    }
}
