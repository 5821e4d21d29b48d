/// In which direction a piece of text runs: from right to left if its first letter does, by which `dir="auto"` goes
/// (Unicode Standard Annex 9, P2 and P3), or the most of its letters do.
///
/// A Hebrew greeting may hold a long Latin name (`שלום Jonathan,`), and a Hebrew sentence may begin with that of a
/// product. Addresses are left out, which are written from left to right in every script.
struct TextDirection {
    private var leftToRight = 0
    private var rightToLeft = 0
    /// Its first letter does.
    private var beginsRightToLeft = false

    static let none = TextDirection()

    private init() {}

    init(_ text: String) {
        let octets = Array(text.utf8)
        if Self.mayTurn(octets) { self.init(octets, octets.indices) } else { self = .none }
    }

    /// - Parameter text: Valid UTF-8, and `range` whole characters of it.
    init(_ text: [UInt8], _ range: Range<Int>) {
        var ofWord = 0
        var before: Unicode.Scalar = " "
        var isInAddress = false
        for scalar in String(decoding: text[range], as: UTF8.self).unicodeScalars {
            defer { before = scalar }
            if scalar.value <= 0x20 {
                (ofWord, isInAddress) = (0, false)
            } else if isInAddress {
                continue
            } else if Self.isInAddress(scalar, behind: before, ofWord) {
                leftToRight -= ofWord
                isInAddress = true
            } else if Self.isLetter(scalar) || Self.isArabicMark(scalar) {
                if Self.isRightToLeft(scalar) {
                    if leftToRight == 0, rightToLeft == 0 { beginsRightToLeft = true }
                    rightToLeft += 1
                } else {
                    leftToRight += 1
                    ofWord += 1
                }
            }
        }
    }

    /// The same, in a mail that runs from right to left if `isTurned`: there a fifth of the letters is enough.
    ///
    /// `"Save" ואז "Export"` would else be read as "Export, then Save".
    func isRightToLeft(inTurned isTurned: Bool) -> Bool? {
        if isTurned, hasRightToLeft, rightToLeft * 5 >= leftToRight + rightToLeft { return true }
        return isRightToLeft
    }

    /// nil if it doesn't begin so and there are as many of both, or none.
    var isRightToLeft: Bool? {
        if beginsRightToLeft { return true }
        return leftToRight == rightToLeft ? nil : rightToLeft > leftToRight
    }

    var hasRightToLeft: Bool { rightToLeft > 0 }

    static func + (one: TextDirection, other: TextDirection) -> TextDirection {
        var sum = one
        if one.leftToRight == 0, one.rightToLeft == 0 {
            sum.beginsRightToLeft = other.beginsRightToLeft
        }
        sum.leftToRight += other.leftToRight
        sum.rightToLeft += other.rightToLeft
        return sum
    }

    /// False for nearly all texts: then no letter of theirs runs from right to left.
    ///
    /// Such letters begin with the octets 0xD6 to 0xE0, 0xEF and 0xF0; so do others.
    static func mayTurn(_ text: [UInt8]) -> Bool {
        let octets = text.span
        var index = 0
        while true {
            index = octets.first(from: index, limit: octets.count) { $0.beyondASCII }
            guard index < octets.count else { return false }
            let octet = octets[index]
            if (0xD6...0xE0).contains(octet) || octet >= 0xEF { return true }
            index += octet < 0xD6 ? 2 : 3
        }
    }

    /// `https:/`, `jane@`, `acme.e`: a link, a mail address, a host.
    private static func isInAddress(
        _ scalar: Unicode.Scalar, behind before: Unicode.Scalar, _ ofWord: Int
    ) -> Bool {
        guard ofWord > 0 else { return false }
        if scalar == "@" { return true }
        return before == ":" && scalar == "/" || before == "." && scalar.isASCII && isLetter(scalar)
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            true
        default: false
        }
    }

    /// The semicolon and the question mark, which run as letters do (bidi class AL).
    private static func isArabicMark(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value == 0x061B || scalar.value == 0x061F
    }

    /// The blocks of the scripts that do.
    private static func isRightToLeft(_ letter: Unicode.Scalar) -> Bool {
        switch letter.value {
        case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFF, 0x10800...0x10FFF,
            0x1E800...0x1EFFF:
            true
        default: false
        }
    }
}
