/// The 66 code points that are no characters (Unicode, section 23.7), such as U+FFFE.
///
/// In HTML they are a parse error (`noncharacter-in-input-stream`), and Perl's Email::MIME dies of one.
enum Noncharacter {
    static let replacement: Unicode.Scalar = "\u{FFFD}"

    static func isOne(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value & 0xFFFE == 0xFFFE || (0xFDD0...0xFDEF).contains(scalar.value)
    }

    /// - Parameter text: Valid UTF-8.
    @inline(__always)
    static func stands(in text: Span<UInt8>, at index: Int) -> Bool {
        switch text[index] {
        case 0xEF:
            let (second, third) = (text[index + 1], text[index + 2])
            return second == 0xBF && third >= 0xBE
                || second == 0xB7 && (0x90...0xAF).contains(third)
        case 0xF0...:
            return text[index + 1] & 0x0F == 0x0F && text[index + 2] == 0xBF
                && text[index + 3] >= 0xBE
        default: return false
        }
    }

    static func stand(in text: [UInt8]) -> Bool {
        let octets = text.span
        return octets.indices.contains { stands(in: octets, at: $0) }
    }

    /// U+FFFD in place of each.
    static func replaced(in text: [UInt8]) -> [UInt8] {
        let octets = text.span
        var replaced: [UInt8] = []
        replaced.reserveCapacity(octets.count)
        var index = 0
        while index < octets.count {
            if stands(in: octets, at: index) {
                replaced.append(text: String(replacement))
                index += octets[index] == 0xEF ? 3 : 4
            } else {
                replaced.append(octets[index])
                index += 1
            }
        }
        return replaced
    }
}
