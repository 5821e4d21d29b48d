/// A line that begins or ends a block of code (CommonMark 0.31, section 4.5): three backquotes or tildes and more.
struct CodeFence {
    /// A fourth space makes code of its own.
    private static let mostSpaces = 3

    private let octet: UInt8
    private let length: Int
    private let spaces: Int

    /// nil if the line begins no block.
    ///
    /// What stands behind is the language; backquotes there are code within a line.
    ///
    /// - Parameter isInList: It may be indented like the entry that it belongs to.
    init?(opening line: ArraySlice<UInt8>, isInList: Bool) {
        let rest = line.drop { $0 == 0x20 }
        guard let first = rest.first, first == 0x60 || first == 0x7E else { return nil }
        octet = first
        length = rest.prefix { $0 == first }.count
        spaces = line.count - rest.count
        guard length >= 3, isInList || spaces <= Self.mostSpaces,
            first == 0x7E || !rest.dropFirst(length).contains(0x60)
        else { return nil }
    }

    /// Whether the line ends the block that this one began: at least as many of the same, and nothing else.
    func isClosed(by line: ArraySlice<UInt8>) -> Bool {
        let rest = line.drop { $0 == 0x20 }
        let count = rest.prefix { $0 == octet }.count
        return count >= length && line.count - rest.count <= spaces + Self.mostSpaces
            && rest.dropFirst(count).allSatisfy { $0 == 0x20 || $0 == 0x09 }
    }
}
