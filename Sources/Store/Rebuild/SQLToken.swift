/// A piece of an SQL text; all of them together are the text again.
/// https://sqlite.org/draft/tokenreq.html
struct SQLToken: Hashable {
    enum Kind {
        /// White space and comments.
        case space
        /// A keyword or a bare name.
        case word
        /// `"name"`, `` `name` ``, `[name]` or `'text'`.
        case quoted
        /// One character of anything else.
        case other
    }

    let kind: Kind
    let text: String

    /// Keywords have no case, and a quoted one is none.
    func isWord(_ keyword: String) -> Bool { kind == .word && text.uppercased() == keyword }

    /// What the name stands for, without its quotes, in lower case.
    var name: String {
        guard kind == .quoted, let first = text.first else { return text.lowercased() }
        let quote = String(first)
        let inner = String(text.dropFirst().dropLast())
        return inner.replacing(quote + quote, with: quote).lowercased()
    }

    static func all(of sql: String) -> [SQLToken] {
        var rest = Substring(sql)
        var tokens: [SQLToken] = []
        while let first = rest.first {
            let (kind, length) = next(first, rest)
            tokens.append(SQLToken(kind: kind, text: String(rest.prefix(length))))
            rest = rest.dropFirst(length)
        }
        return tokens
    }

    private static func next(_ first: Character, _ rest: Substring) -> (Kind, Int) {
        if rest.hasPrefix("--") { return (.space, rest.prefix { !$0.isNewline }.count) }
        if rest.hasPrefix("/*") { return (.space, comment(rest)) }
        if first.isWhitespace { return (.space, rest.prefix(while: \.isWhitespace).count) }
        if "\"`'".contains(first) { return (.quoted, quoted(by: first, rest)) }
        if first == "[" { return (.quoted, rest.prefix { $0 != "]" }.count + 1) }
        if isWordCharacter(first) { return (.word, rest.prefix(while: isWordCharacter).count) }
        return (.other, 1)
    }

    private static func isWordCharacter(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_" || character == "$"
            || !character.isASCII
    }

    private static func comment(_ rest: Substring) -> Int {
        guard let end = rest.dropFirst(2).firstRange(of: "*/") else { return rest.count }
        return rest.distance(from: rest.startIndex, to: end.upperBound)
    }

    /// A doubled quote stands for itself.
    private static func quoted(by quote: Character, _ rest: Substring) -> Int {
        var length = 1
        var characters = rest.dropFirst().makeIterator()
        var isEnded = false
        while let character = characters.next() {
            if isEnded, character != quote { return length }
            isEnded = character == quote && !isEnded
            length += 1
        }
        return length
    }
}
