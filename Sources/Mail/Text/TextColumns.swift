/// Columns that are made with spaces or tabs: they stand below each other in letters of one width alone.
enum TextColumns {
    /// Two lines have a tab, or a gap of two spaces and more where columns begin or end below each other.
    ///
    /// Two spaces behind a full stop are one only where a column of the other line begins (`Mo.  9-18` above `Sat  9-12`).
    /// An indent is none, behind the mark of what is quoted neither.
    static func areAligned(_ lines: [Range<Int>], of text: [UInt8]) -> Bool {
        var starts: Set<Int> = []
        var doubtful: Set<Int> = []
        var ends: Set<Int> = []
        var tabs = 0
        for line in lines.prefix(mostLines) {
            let cells = Cells(text[line])
            tabs += cells.hasTab ? 1 : 0
            if tabs == 2 || !starts.isDisjoint(with: cells.starts + cells.doubtful)
                || !doubtful.isDisjoint(with: cells.starts) || !ends.isDisjoint(with: cells.ends)
            {
                return true
            }
            starts.formUnion(cells.starts)
            doubtful.formUnion(cells.doubtful)
            ends.formUnion(cells.ends)
        }
        return false
    }

    private static let mostLines = 200
    private static let endsOfSentence = ASCIISet(".,!?;")

    /// Of one line, counted in characters: but for the first, which no gap stands before.
    private struct Cells {
        private(set) var starts: [Int] = []
        /// Behind what may be the end of a sentence.
        private(set) var doubtful: [Int] = []
        private(set) var ends: [Int] = []
        private(set) var hasTab = false

        init(_ line: ArraySlice<UInt8>) {
            var column = 0
            var spaces = 0
            var before: UInt8 = 0x20
            var isBegun = false
            for octet in line.trimmedAtEnd where octet & 0xC0 != 0x80 {
                defer { column += 1 }
                switch octet {
                case 0x20: spaces += 1
                case 0x09: hasTab = hasTab || isBegun
                case 0x3E where !isBegun: spaces = 0
                default:
                    if isBegun, spaces == 2, TextColumns.endsOfSentence.contains(before) {
                        doubtful.append(column)
                    } else if isBegun, spaces > 1 {
                        if !starts.isEmpty { ends.append(column - spaces) }
                        starts.append(column)
                    }
                    (isBegun, spaces, before) = (true, 0, octet)
                }
            }
            if !starts.isEmpty { ends.append(column) }
        }
    }
}
