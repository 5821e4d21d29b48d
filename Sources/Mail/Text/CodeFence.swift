/// A line that begins or ends a block of code (CommonMark 0.31, section 4.5): three backquotes or tildes and more.
struct CodeFence {
    /// A fourth space makes code of its own.
    private static let mostSpaces = 3

    private static let backquote: UInt8 = 0x60
    private static let tilde: UInt8 = 0x7E

    private let octet: UInt8
    private let length: Int
    private let spaces: Int

    /// nil if the line begins no block.
    ///
    /// What stands behind is the language; backquotes there are code within a line, and tildes make a line that is
    /// decorated (`~~~ that was hard ~~~`).
    ///
    /// - Parameter isInList: It may be indented like the entry that it belongs to.
    init?(opening line: ArraySlice<UInt8>, isInList: Bool) {
        let rest = line.drop { $0 == 0x20 }
        guard let first = rest.first, first == Self.backquote || first == Self.tilde else {
            return nil
        }
        octet = first
        length = rest.prefix { $0 == first }.count
        spaces = line.count - rest.count
        // A line of nothing but tildes is a rule.
        guard length >= 3, first == Self.backquote || length < 6,
            isInList || spaces <= Self.mostSpaces,
            !rest.dropFirst(length).contains(first)
        else { return nil }
    }

    /// nil if the line does not end with a colon and what begins a block behind it: `please run this: ```` (chats do that),
    /// or `like this: ```json`.
    init?(behind line: ArraySlice<UInt8>) {
        let trimmed = line.trimmedAtEnd
        let rest = trimmed.dropLast(
            trimmed.reversed().prefix(Self.mostOfLanguage).prefix(while: Self.inLanguages.contains)
                .count)
        octet = Self.backquote
        length = rest.reversed().prefix { $0 == Self.backquote }.count
        spaces = 0
        let before = rest.dropLast(length)
        guard length >= 3, before.trimmedAtEnd.last == 0x3A, !before.contains(Self.backquote)
        else { return nil }
    }

    private static let mostOfLanguage = 16
    private static let inLanguages = ASCIISet.lettersAndDigits.union("+#-")

    /// Whether the line ends the block that this one began: at least as many of the same, with nothing but a mark behind
    /// them, or, of backquotes, at the end of what stands before them (chats do that, too).
    func isClosed(by line: ArraySlice<UInt8>) -> Bool {
        let rest = line.drop { $0 == 0x20 }
        let count = rest.prefix { $0 == octet }.count
        if count == 0 {
            return octet == Self.backquote
                && line.trimmedAtEnd.reversed().prefix { $0 == octet }.count >= length
        }
        return count >= length && line.count - rest.count <= spaces + Self.mostSpaces
            && rest.dropFirst(count).trimmedAtEnd.allSatisfy(Self.marks.contains)
    }

    private static let marks = ASCIISet(".,;:!?)")
}
