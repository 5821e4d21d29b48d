import Foundation

/// The lines of a settings file by Settings.md, read a second time: with text where the parser has octets.
enum SettingsFileReference {
    struct Line {
        var number: Int
        /// nil for a line that is no `KEY=value`.
        var key: String?
        /// As it stands there, but for blanks at both ends; nil if it is not UTF-8.
        var value: String?
    }

    /// All but comments and blank lines, whoever's.
    static func lines(_ octets: [UInt8]) -> [Line] {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = octets.starts(with: mark) ? octets.dropFirst(3) : octets[...]
        return text.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
            .compactMap { index, row in
                let row = trimmed(row)
                guard let first = row.first, first != UInt8(ascii: "#") else { return nil }
                let sides = row.split(
                    separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
                let key = String(decoding: sides[0], as: UTF8.self)
                guard sides.count == 2, isKey(key)
                else { return Line(number: index + 1) }
                return Line(
                    number: index + 1, key: key,
                    value: String(validating: trimmed(sides[1]), as: UTF8.self))
            }
    }

    /// Letters, digits and underscores, no digit first, at most 128 of them.
    private static func isKey(_ key: String) -> Bool {
        (1...128).contains(key.utf8.count) && key.first?.isNumber == false
            && key.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }

    private static func trimmed(_ row: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var row = row
        while let first = row.first, [0x20, 0x09, 0x0D].contains(first) { row.removeFirst() }
        while let last = row.last, [0x20, 0x09, 0x0D].contains(last) { row.removeLast() }
        return row
    }
}
