/// FNV-1a (draft-eastlake-fnv) with 64 bits: the same value in every process and version, which Swift's
/// Hasher does not give.
///
/// Somebody who looks for collisions finds them. That harms nobody here: the API server and outboxd write what
/// is hashed.
package struct FNV1a64: Sendable {
    package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    package init() {}

    package mutating func combine(_ octet: UInt8) {
        value = (value ^ UInt64(octet)) &* 0x0000_0100_0000_01B3
    }

    package mutating func combine(_ text: String) {
        let octets = text.utf8.span
        for index in octets.indices { combine(octets[index]) }
    }
}

/// The same with 128 bits.
package struct FNV1a128: Sendable {
    package private(set) var value: UInt128 = 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D

    package init() {}

    package mutating func combine(_ octet: UInt8) {
        value = (value ^ UInt128(octet)) &* 0x0000_0000_0100_0000_0000_0000_0000_013B
    }

    /// A text and its end: "ab", "c" and "a", "bc" differ, since 0xFF is in no UTF-8.
    package mutating func combine(_ text: String) {
        let octets = text.utf8.span
        for index in octets.indices { combine(octets[index]) }
        combine(0xFF)
    }

    /// 32 hexadecimal digits, in upper case.
    ///
    /// By hand: `String(value, radix: 16)` divides 128 bits and costs 25,000 instructions a mail.
    package var hex: InlineArray<32, UInt8> {
        let high = UInt64(truncatingIfNeeded: value >> 64)
        let low = UInt64(truncatingIfNeeded: value)
        return InlineArray { index in
            let nibble = (index < 16 ? high : low) >> UInt64(60 - 4 * (index % 16))
            return HexDigit.upper(UInt8(truncatingIfNeeded: nibble) & 15)
        }
    }
}
