/// What one line looks like, without the white space around it.
enum CodeLine {
    // MARK: Plainly

    /// Nobody writes such a line to a person.
    static func isPlain(_ line: ArraySlice<UInt8>) -> Bool {
        guard let first = line.first, let last = line.last else { return false }
        let next = line.dropFirst().first ?? 0x20
        switch first {
        case 0x7B: return !isPlaceholder(line)
        case 0x7D, 0x5D: return true
        // `[section]`, not `[1]` or `[Olga Berg]`.
        case 0x5B: return last == 0x5D && isLetter(next) && !line.contains(0x20)
        // `<a href="b">`, `<b>a</b>`, `<!--`, not `<jane@acme.test>`, `<https://acme.test/>`, `<Tom> hi` or `<name>`.
        case 0x3C: return isMarkup(line, next)
        case 0x22: return holdsKey(line)
        case 0x24: return next == 0x20 && line.count > 2
        case 0x2F: return next == 0x2F || next == 0x2A
        case 0x23: return next == 0x21 || next.isDigit && holds(line, "): ")
        default: break
        }
        switch last {
        // Not `:-}`.
        case 0x7B, 0x5C: return true
        case 0x7D where line.count > 3 && !":-;".utf8.contains(line[line.endIndex - 2]): return true
        case 0x3B where isStatement(line): return true
        default: break
        }
        return isAssignment(line) || line.starts(withOneOf: starts[Int(first & 0x7F)])
            || isOfTrace(line) || isOfTree(line) || isOfSQL(line) || isOfLog(line)
    }

    /// `{"error": {"code": 5}}`.
    static func isWholeJSON(_ line: ArraySlice<UInt8>) -> Bool {
        (line.starts(with: "{\"".utf8) || line.starts(with: "[{\"".utf8))
            && (line.last == 0x7D || line.last == 0x5D)
    }

    /// `a = 5;`, `run(5);`, `$a->b();`, not what a list of documents ends with: `2 photos (colour);`, `copie(s) ;`.
    private static func isStatement(_ line: ArraySlice<UInt8>) -> Bool {
        if line.contains(where: inStatements.contains) { return true }
        let words = line.split(separator: 0x20)
        return assign(words) || words.contains(where: isCall) && words.last?.count ?? 0 > 1
    }

    /// `a = 5`, `let a = 5`.
    private static func assign(_ words: [ArraySlice<UInt8>]) -> Bool {
        guard let first = words.first?.first, isSmallLetter(first) else { return false }
        let sign = words.prefix(3).firstIndex { $0.elementsEqual([0x3D]) } ?? 0
        return sign > 0 && sign + 1 < words.count
    }

    private static let inStatements = ASCIISet("{}$")

    /// `size(of`, not `call(s)`.
    private static func isCall(_ word: ArraySlice<UInt8>) -> Bool {
        guard let open = word.firstIndex(of: 0x28), open > word.startIndex, isLetter(word[open - 1])
        else { return false }
        return !word[(open + 1)...].starts(withOneOf: endings)
    }

    /// `Kolleg(inn)en`, `amigo(a)s`, `letter(s)`.
    private static let endings = [
        "a)", "as)", "e)", "en)", "er)", "es)", "in)", "inn", "n)", "r)", "s)",
    ].map { Array($0.utf8) }

    /// `{first name}` of a letter's template.
    private static func isPlaceholder(_ line: ArraySlice<UInt8>) -> Bool {
        line.last == 0x7D && !line.contains(where: inObjects.contains)
    }

    private static let inObjects = ASCIISet(":;=\"(")

    /// `"key": 5`, not `"It works": Ann`.
    private static func holdsKey(_ line: ArraySlice<UInt8>) -> Bool {
        guard let end = line.indices.first(where: { line[$0...].starts(with: "\":".utf8) }) else {
            return false
        }
        guard let value = line[(end + 2)...].trimmedAtStart.first else { return true }
        return firstOfValues.contains(value)
    }

    private static let firstOfValues = ASCIISet("\"[{-0123456789tfn")

    private static func isMarkup(_ line: ArraySlice<UInt8>, _ next: UInt8) -> Bool {
        if next == 0x21 || next == 0x3F { return true }
        return ["</", "/>", "=\""].contains { holds(line, $0) } && !line.starts(with: "<http".utf8)
    }

    /// `key=value`, `KEY_ONE=value`, not `Row=A`.
    private static func isAssignment(_ line: ArraySlice<UInt8>) -> Bool {
        let name = line.prefix(while: inNames.contains)
        guard let first = name.first, line[name.endIndex...].first == 0x3D else { return false }
        return isSmallLetter(first) || name.contains(0x5F)
    }

    private static let inNames = ASCIISet.lettersAndDigits.union("_.-")

    /// Not `SELECT your plan`, nor `UPDATE your profile`.
    private static func isOfSQL(_ line: ArraySlice<UInt8>) -> Bool {
        if line.starts(with: "UPDATE ".utf8) { return holds(line, " SET ") }
        return line.starts(with: "SELECT ".utf8)
            && (line.contains { $0 == 0x2A || $0 == 0x2C } || holds(line, " FROM "))
    }

    /// SQL's, of logs, and of traces of calls, by their first octet: nearly all lines have none to be compared with.
    private static let starts = (0..<128).map { first in
        words.filter { $0[0] == first }
    }

    private static let words =
        [
            "INSERT INTO ", "DELETE FROM ", "FROM ", "WHERE ", "LEFT JOIN ", "INNER JOIN ",
            "GROUP BY ", "ORDER BY ", "CREATE TABLE ", "CREATE INDEX ", "ALTER TABLE ",
            "DROP TABLE ", "Traceback (", "File \"", "Caused by: ",
            "Exception in thread ", "at java.", "at com.", "at org.", "goroutine ", "panic: ",
        ].map { Array($0.utf8) } + levels.map { $0 + [0x20] }

    /// `TypeError: x`, `at run (a.js:12:5)`, `run@https://acme.test/a.js:12:5`, `at Run() in A.cs:line 5`.
    private static func isOfTrace(_ line: ArraySlice<UInt8>) -> Bool {
        if line.starts(with: "at ".utf8) {
            return endsInPlace(line) || holds(line, ":line ") || holds(line, "(<anonymous>)")
        }
        let rest = line.starts(with: uncaught) ? line.dropFirst(uncaught.count) : line
        let name = rest.prefix { $0 != 0x20 && $0 != 0x3A }
        guard rest[name.endIndex...].first == 0x3A else { return false }
        if name.contains(0x40) { return !line.contains(0x20) && endsInPlace(line) }
        // `Error` alone is what people say, too.
        return errors.contains { name.count > $0.count && name.suffix($0.count).elementsEqual($0) }
            && name.allSatisfy { isLetter($0) || $0 == 0x2E }
    }

    /// As browsers begin.
    private static let uncaught = Array("Uncaught ".utf8)
    private static let errors = ["Error", "Exception"].map { Array($0.utf8) }

    /// The number of a line: `:12`, `:12)`.
    private static func endsInPlace(_ line: ArraySlice<UInt8>) -> Bool {
        let rest = line.last == 0x29 ? line.dropLast() : line
        let digits = rest.reversed().prefix { $0.isDigit }.count
        return digits > 0 && rest.dropLast(digits).last == 0x3A
    }

    /// `2026-11-30 10:00:01 ERROR …`, `[10:00:01] WARN …`, `Nov 30 10:00:01 …`: people write of hours to the second as well,
    /// so that alone makes no log.
    private static func isOfLog(_ line: ArraySlice<UInt8>) -> Bool {
        guard let first = line.first, line.count > 10 else { return false }
        let mayBegin = first.isDigit || first == 0x5B || line[line.startIndex + 3] == 0x20
        return mayBegin && holdsClock(line) && levels.contains { holds(line, $0) }
    }

    private static let levels = ["ERROR", "WARN", "INFO", "DEBUG", "FATAL", "TRACE"].map {
        Array($0.utf8)
    }

    /// A time of day such as `10:00:01`, near the beginning.
    private static func holdsClock(_ line: ArraySlice<UInt8>) -> Bool {
        var index = line.startIndex
        while let colon = line[index...].prefix(mostBefore).firstIndex(of: 0x3A) {
            if line.endIndex - colon > 5, line[colon + 3] == 0x3A,
                [1, 2, 4, 5].allSatisfy({ line[colon + $0].isDigit })
            {
                return true
            }
            index = colon + 1
        }
        return false
    }

    private static let mostBefore = 40

    /// Lines of a tree of files: `├`, `│` and `└`.
    private static func isOfTree(_ line: ArraySlice<UInt8>) -> Bool {
        let octets = line.prefix(3)
        guard octets.count == 3, octets.first == 0xE2 else { return false }
        return line[line.startIndex + 1] == 0x94
            && [0x82, 0x94, 0x9C].contains(line[line.startIndex + 2])
    }

    // MARK: Likely

    /// Where it is indented: `npm test`, `retries = 3`, `foo(bar)`, `ls -l`, `# why`, `/etc/hosts`.
    ///
    /// Small words alone make no code: a letter lists `passport` and `two photos` like that.
    static func isLikely(_ line: ArraySlice<UInt8>) -> Bool {
        guard let first = line.first else { return false }
        if firstOfCode.contains(first) || line.starts(with: "# ".utf8) || holdsClock(line) {
            return true
        }
        if line.starts(withOneOf: commands) { return true }
        let words = line.split(separator: 0x20)
        if assign(words) { return true }
        return words.contains { !$0.starts(with: "http".utf8) && isWordOfCode($0) }
    }

    private static let firstOfCode = ASCIISet("/~%")
    private static let commands = [
        "apt ", "apt-get ", "brew ", "cd ", "chmod ", "chown ", "composer ", "curl ", "docker ",
        "git ", "kubectl ", "mkdir ", "npm ", "npx ", "php ", "pip ", "pip3 ", "python ",
        "python3 ", "scp ", "ssh ", "sudo ", "systemctl ", "wget ", "yarn ",
    ].map { Array($0.utf8) }

    /// With a sign in it (`a[0]`, `my_file`, `a==b`), an option (`-l`, `--all`), a path (`/etc/hosts`) or a call
    /// (`size(of`, not `call(s)`).
    private static func isWordOfCode(_ word: ArraySlice<UInt8>) -> Bool {
        guard let first = word.first, !word.contains(0x40) else { return false }
        let behind = word.dropFirst()
        if first != 0x5F, word.contains(where: signs.contains) || behind.contains(0x5B) {
            return true
        }
        if behind.contains(where: comparing.contains), !arrows.contains(Array(word)) { return true }
        if first == 0x2D { return isOption(word) }
        if first == 0x2F, behind.contains(first) { return true }
        return isCall(word)
    }

    private static let signs = ASCIISet("{}\\_`")
    /// By themselves they stand between prices and in menus.
    private static let comparing = ASCIISet("<>=")
    private static let arrows = ["->", "=>", "-->", ">>"].map { Array($0.utf8) }

    private static func isOption(_ word: ArraySlice<UInt8>) -> Bool {
        let name = word.drop { $0 == 0x2D }
        guard let first = name.first, isLetter(first) else { return false }
        return word.count - name.count == 2 || word.count - name.count == 1 && name.count <= 3
    }

    // MARK: Octets

    private static func isLetter(_ octet: UInt8) -> Bool { isSmallLetter(octet | 0x20) }

    private static func isSmallLetter(_ octet: UInt8) -> Bool { (0x61...0x7A).contains(octet) }

    private static func holds(_ line: ArraySlice<UInt8>, _ part: String) -> Bool {
        holds(line, Array(part.utf8))
    }

    private static func holds(_ line: ArraySlice<UInt8>, _ part: [UInt8]) -> Bool {
        line.indices.contains { line[$0...].starts(with: part) }
    }
}
