/// A line that begins or ends a block of code (CommonMark 0.31, section 4.5): three backquotes or tildes and more,
/// behind at most three spaces.
struct CodeFence {
    private let octet: UInt8
    private let length: Int

    /// nil if the line begins no block.
    ///
    /// What stands behind is the language; backquotes there are code within a line.
    init?(opening line: ArraySlice<UInt8>) {
        let rest = Self.unindented(line)
        guard let first = rest.first, first == 0x60 || first == 0x7E else { return nil }
        octet = first
        length = rest.prefix { $0 == first }.count
        guard length >= 3, first == 0x7E || !rest.dropFirst(length).contains(0x60) else {
            return nil
        }
    }

    /// Whether the line ends the block that this one began: at least as many of the same, and nothing else.
    func isClosed(by line: ArraySlice<UInt8>) -> Bool {
        let rest = Self.unindented(line)
        let count = rest.prefix { $0 == octet }.count
        return count >= length && rest.dropFirst(count).allSatisfy { $0 == 0x20 || $0 == 0x09 }
    }

    private static func unindented(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        // A fourth space would be code of its own, and no fence.
        line.dropFirst(line.prefix(3).prefix { $0 == 0x20 }.count)
    }
}
