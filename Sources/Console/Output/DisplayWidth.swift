internal import CLinux

/// How many columns of a terminal text takes: two for a Chinese character, none for an accent that
/// stands over the letter before it.
///
/// Each code point counts for itself, as terminals count them. The C library's table is asked first
/// (wcwidth(3); it is made of Unicode's EastAsianWidth.txt), and the rules below where it knows
/// nothing: a code point newer than the library, or a machine without the locale that
/// ``Program/main(commandLine:environment:)`` asks for.
enum DisplayWidth {
    static func of(_ text: some StringProtocol) -> Int {
        text.utf8.allSatisfy { $0 < 0x80 }
            ? text.utf8.count : text.unicodeScalars.reduce(0) { $0 + of($1) }
    }

    static func of(_ scalar: Unicode.Scalar) -> Int {
        let known = Int(outboxd_columns(scalar.value))
        return known >= 0 ? known : rule(scalar)
    }

    /// The beginning of a text that takes at most so many columns.
    ///
    /// No accent is parted from its letter.
    static func prefix(of text: String, columns: Int) -> Substring {
        var used = 0
        var end = text.startIndex
        while end < text.endIndex {
            used += of(String(text[end]))
            if used > columns { break }
            text.formIndex(after: &end)
        }
        return text[..<end]
    }

    /// Without the C library.
    static func rule(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        let isWide = wide.contains { $0.contains(scalar.value) }
        return isWide || scalar.properties.isEmojiPresentation && !isFlagPart(scalar) ? 2 : 1
    }

    /// Half of a flag: one column, as in the C library.
    private static func isFlagPart(_ scalar: Unicode.Scalar) -> Bool {
        (0x1F1E6...0x1F1FF).contains(scalar.value)
    }

    /// What is wide in Markus Kuhn's wcwidth (https://www.cl.cam.ac.uk/~mgk25/ucs/wcwidth.c), which
    /// takes it from Unicode's EastAsianWidth.txt.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3040...0xA4CF, 0xAC00...0xD7A3,
        0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
        0x20000...0x2FFFD, 0x30000...0x3FFFD,
    ]
}
