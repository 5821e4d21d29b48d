/// FNV-1a with 128 bits (draft-eastlake-fnv): the same value in every process and version, which
/// Swift's Hasher does not give.
///
/// Not meant against somebody who looks for collisions: what is hashed comes from the API server
/// and from outboxd.
struct StableHash {
    private var state: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d

    mutating func combine(_ text: String) {
        for byte in text.utf8 { combine(byte) }
        combine(0xFF)  // Not in UTF-8: "ab", "c" and "a", "bc" differ.
    }

    private mutating func combine(_ byte: UInt8) {
        state = (state ^ UInt128(byte)) &* 0x0000_0000_0100_0000_0000_0000_0000_013b
    }

    /// 32 hexadecimal digits.
    var hex: String {
        var digits: [UInt8] = []
        digits.reserveCapacity(32)
        for half in [UInt64(truncatingIfNeeded: state >> 64), UInt64(truncatingIfNeeded: state)] {
            for shift in stride(from: 56, through: 0, by: -8) {
                digits.append(hex: UInt8(truncatingIfNeeded: half >> UInt64(shift)))
            }
        }
        return String(decoding: digits, as: UTF8.self)
    }
}
