/// Whether lines look like code, or like what people write to each other.
///
/// Its looks are all that is at stake: what is taken for the other stands there all the same, each mark and each space.
enum CodeLook {
    /// Indented lines are code if half of their octets are in lines that look so.
    static func isCode(_ lines: [ArraySlice<UInt8>]) -> Bool {
        let octets = octets(of: lines) { isPlain($0) || isLikely($0) }
        return octets.code > 0 && octets.code * 2 >= octets.all
    }

    /// Lines without an indent are code if two thirds of their octets are in lines that nobody writes to a person, such as
    /// those of JSON, a trace of calls or a log.
    ///
    /// Of usual paragraphs two lines are looked at.
    static func isPlainlyCode(_ lines: [Range<Int>], of text: [UInt8]) -> Bool {
        guard lines.count > 1, lines.prefix(2).contains(where: { isPlain(trimmed(text[$0])) })
        else { return false }
        let octets = octets(of: lines.map { text[$0] }, isPlain)
        return octets.code * 3 >= octets.all * 2
    }

    private static func octets(
        of lines: [ArraySlice<UInt8>], _ isCode: (ArraySlice<UInt8>) -> Bool
    ) -> (code: Int, all: Int) {
        lines.reduce(into: (0, 0)) { sum, line in
            let line = trimmed(line)
            sum.1 += line.count
            if isCode(line) { sum.0 += line.count }
        }
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        line.trimmedAtStart.trimmedAtEnd
    }

    // MARK: Plainly

    private static func isPlain(_ line: ArraySlice<UInt8>) -> Bool {
        guard let first = line.first, let last = line.last else { return false }
        let next = line.dropFirst().first ?? 0x20
        switch first {
        case 0x7B, 0x7D, 0x5D: return true
        // `[section]`, not `[1]` or `[Olga Berg]`.
        case 0x5B: return last == 0x5D && isLetter(next) && !line.contains(0x20)
        // `<a href="b">`, `<b>a</b>`, `<!--`, not `<jane@acme.test>`, `<https://acme.test/>`, `<Tom> hi` or `<name>`.
        case 0x3C: return isMarkup(line, next)
        case 0x22: return holds(line, Array("\":".utf8))
        case 0x24: return next == 0x20 && line.count > 2
        case 0x2F: return next == 0x2F || next == 0x2A
        case 0x23: return next == 0x21
        default: break
        }
        switch last {
        // Not `:-}`.
        case 0x7B, 0x5C: return true
        case 0x7D where line.count > 3 && !":-;".utf8.contains(line[line.endIndex - 2]): return true
        case 0x3B where line.contains(where: inStatements.contains): return true
        default: break
        }
        return isAssignment(line) || line.starts(withOneOf: starts[Int(first & 0x7F)])
            || holdsTree(line) || isSelect(line) || holdsClock(line) && holdsLevel(line)
    }

    private static let inStatements = ASCIISet("=(){}")

    private static func isMarkup(_ line: ArraySlice<UInt8>, _ next: UInt8) -> Bool {
        if next == 0x21 || next == 0x3F { return true }
        return ["</", "/>", "=\""].contains { holds(line, Array($0.utf8)) }
            && !line.starts(with: "<http".utf8)
    }

    /// `key=value`, `KEY_ONE=value`, not `Row=A`.
    private static func isAssignment(_ line: ArraySlice<UInt8>) -> Bool {
        let name = line.prefix(while: inNames.contains)
        guard let first = name.first, line[name.endIndex...].first == 0x3D else { return false }
        return (0x61...0x7A).contains(first) || name.contains(0x5F)
    }

    private static let inNames = ASCIISet.lettersAndDigits.union("_.-")

    /// Not `SELECT your plan`.
    private static func isSelect(_ line: ArraySlice<UInt8>) -> Bool {
        line.starts(with: "SELECT ".utf8)
            && (line.contains { $0 == 0x2A || $0 == 0x2C } || holds(line, Array(" FROM ".utf8)))
    }

    /// SQL's, of logs, and of traces of calls, by their first octet: nearly all lines have none to be compared with.
    private static let starts = (0..<128).map { first in
        words.filter { $0[0] == first }
    }

    private static let words =
        [
            "INSERT INTO ", "DELETE FROM ", "FROM ", "WHERE ", "LEFT JOIN ", "INNER JOIN ",
            "GROUP BY ",
            "ORDER BY ", "Traceback (", "File \"", "Caused by: ", "Exception in thread ",
            "at java.", "at com.", "at org.",
        ].map { Array($0.utf8) } + levels.map { $0 + [0x20] }

    /// People write of hours to the second as well: that alone makes no log.
    private static func holdsLevel(_ line: ArraySlice<UInt8>) -> Bool {
        levels.contains { holds(line, $0) }
    }

    private static let levels = ["ERROR", "WARN", "INFO", "DEBUG", "FATAL", "TRACE"].map {
        Array($0.utf8)
    }

    /// A time of day such as `10:00:01`.
    private static func holdsClock(_ line: ArraySlice<UInt8>) -> Bool {
        var index = line.startIndex
        while let colon = line[index...].firstIndex(of: 0x3A) {
            if line.endIndex - colon > 5, line[colon + 3] == 0x3A,
                [1, 2, 4, 5].allSatisfy({ (0x30...0x39).contains(line[colon + $0]) })
            {
                return true
            }
            index = colon + 1
        }
        return false
    }

    /// Lines of a tree of files: `├`, `│` and `└`.
    private static func holdsTree(_ line: ArraySlice<UInt8>) -> Bool {
        guard let first = line.firstIndex(of: 0xE2), line.endIndex - first > 2 else { return false }
        return line[first + 1] == 0x94 && [0x82, 0x94, 0x9C].contains(line[first + 2])
    }

    // MARK: Likely

    /// `make test`, `retries = 3`, `foo(bar)`, `ls -l`, `# why`, `/etc/hosts`; not `thank you.`, `12,00 €` or `Acme GmbH`.
    private static func isLikely(_ line: ArraySlice<UInt8>) -> Bool {
        guard let first = line.first, let last = line.last else { return false }
        if firstOfCode.contains(first) || holdsClock(line) { return true }
        let words = line.split(separator: 0x20).filter { !$0.starts(with: "http".utf8) }
        if words.contains(where: isWordOfCode) { return true }
        return (0x61...0x7A).contains(first) && !endsOfSentence.contains(last)
            && (1...mostWords).contains(words.count) && !line.contains { $0 >= 0x80 || $0 == 0x40 }
    }

    private static let firstOfCode = ASCIISet("#/~@%")
    private static let endsOfSentence = ASCIISet(".,!?:")
    /// A line with more of them is one of a letter.
    private static let mostWords = 6

    /// With a sign in it, an option (`-l`, `--all`), a call (`size(of`, not `call(s)`).
    private static func isWordOfCode(_ word: ArraySlice<UInt8>) -> Bool {
        if word.contains(where: signs.contains) { return true }
        if word.count > 1, word.contains(where: inWords.contains), !arrows.contains(Array(word)) {
            return true
        }
        if word.first == 0x2D, let next = word.drop(while: { $0 == 0x2D }).first {
            return isLetter(next)
        }
        guard let open = word.firstIndex(of: 0x28), open > word.startIndex,
            isLetter(word[open - 1])
        else { return false }
        let inside = word[(open + 1)...]
        return !inside.starts(with: "s)".utf8) && !inside.starts(with: "n)".utf8)
    }

    private static let signs = ASCIISet("{}\\_`[]")
    /// By themselves they stand between prices and in menus.
    private static let inWords = ASCIISet("<>=")
    private static let arrows = ["->", "=>", "-->", ">>"].map { Array($0.utf8) }

    private static func isLetter(_ octet: UInt8) -> Bool {
        (0x61...0x7A).contains(octet | 0x20)
    }

    private static func holds(_ line: ArraySlice<UInt8>, _ part: [UInt8]) -> Bool {
        line.indices.contains { line[$0...].starts(with: part) }
    }
}
