/// Percent-encoding (RFC 3986, section 2.1).
package enum PercentCoding {
    /// - Parameter keeps: Whether an octet stands for itself.
    package static func encode(
        _ octets: some Sequence<UInt8>, keeping keeps: (UInt8) -> Bool = isUnreserved
    ) -> [UInt8] {
        var encoded: [UInt8] = []
        for octet in octets {
            if keeps(octet) {
                encoded.append(octet)
            } else {
                encoded.append(UInt8(ascii: "%"))
                encoded.append(HexDigit.upper(octet >> 4))
                encoded.append(HexDigit.upper(octet & 15))
            }
        }
        return encoded
    }

    /// nil if a % is not followed by two hexadecimal digits, or if the result is not UTF-8.
    package static func decode(_ text: Substring) -> String? {
        var octets: [UInt8] = []
        var rest = text.utf8[...]
        while let octet = rest.popFirst() {
            guard octet == UInt8(ascii: "%") else {
                octets.append(octet)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2,
                digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            else { return nil }
            octets.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: octets, as: UTF8.self)
    }

    /// RFC 3986, section 2.3.
    package static func isUnreserved(_ octet: UInt8) -> Bool {
        switch octet {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: false
        }
    }
}
