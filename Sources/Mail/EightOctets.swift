/// Eight octets of a text in one machine word, tested together.
///
/// Nearly all text is plain. Each test marks the octets that it is true of by their highest bit. Only the
/// first mark counts: beyond an octet that it is true of, a test may mark others.
struct EightOctets {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    private let word: UInt64

    /// Where there are fewer than eight from there on, spaces stand for the others.
    @inline(__always)
    fileprivate init(_ text: Span<UInt8>, from start: Int) {
        if start + 8 <= text.count {
            // Any eight octets make an integer.
            let loaded = unsafe text.bytes.unsafeLoadUnaligned(
                fromByteOffset: start, as: UInt64.self)
            word = UInt64(littleEndian: loaded)
        } else {
            word = Self.last(of: text, from: start)
        }
    }

    private static func last(of text: Span<UInt8>, from start: Int) -> UInt64 {
        var word = ones &* 0x20
        for index in stride(from: text.count - 1, through: start, by: -1) {
            word = word << 8 | UInt64(text[index])
        }
        return word
    }

    /// Not printable ASCII: a control character, or above 0x7E.
    @inline(__always)
    var unprintable: UInt64 {
        let belowSpace = (word &- Self.ones &* 0x20) & ~word
        return (word | belowSpace) & Self.highBits | equal(to: 0x7F)
    }

    /// Those that are not ASCII.
    @inline(__always)
    var beyondASCII: UInt64 { word & Self.highBits }

    /// Where columns may be: a tab, or a space with another behind it.
    ///
    /// A last space counts, since it is not known what follows. Others may be marked, too, so that what is found has to
    /// be looked at.
    @inline(__always)
    var mayBeColumns: UInt64 {
        let spaces = equal(to: 0x20)
        return spaces & (spaces >> 8 | 1 << 63) | equal(to: 0x09)
    }

    /// Either is `octet`, or differs from it only in bits of `ignoring`, which are all set in `octet`.
    @inline(__always)
    func equal(to octet: UInt8, ignoring: UInt8 = 0) -> UInt64 {
        let difference =
            (word | Self.ones &* UInt64(ignoring)) ^ (Self.ones &* UInt64(octet))
        return (difference &- Self.ones) & ~difference & Self.highBits
    }
}

extension Span<UInt8> {
    /// How many octets of a part are not ASCII.
    func countBeyondASCII(in part: Range<Int>) -> Int {
        var beyond = 0
        var index = part.lowerBound
        while index < part.upperBound {
            var found = EightOctets(self, from: index).beyondASCII
            // Most processors' own instruction is not used: asking first costs less than counting.
            if found != 0 {
                let left = part.upperBound - index
                if left < 8 { found &= 1 << UInt64(8 * left) - 1 }
                beyond += found.nonzeroBitCount
            }
            index += 8
        }
        return beyond
    }

    /// Finds the first octet in `start..<limit` that `marks` marks.
    ///
    /// - Returns: `limit` if it marks none.
    @inline(__always)
    func first(from start: Int, limit: Int, _ marks: (EightOctets) -> UInt64) -> Int {
        var index = start
        while index < limit {
            let found = marks(EightOctets(self, from: index))
            if found != 0 { return Swift.min(limit, index + found.trailingZeroBitCount / 8) }
            index += 8
        }
        return limit
    }
}
