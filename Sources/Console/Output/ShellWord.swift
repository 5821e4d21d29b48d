internal import Service

/// A word of a command that somebody copies into a shell.
enum ShellWord {
    /// In quotes where a shell would take it apart.
    ///
    /// What a terminal would obey is escaped: such a word can't be copied, but does no harm.
    static func text(_ word: String) -> String {
        let isPlain =
            !word.isEmpty
            && word.utf8.allSatisfy { octet in
                switch octet {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "/._-+:,@%".utf8.contains(octet)
                }
            }
        let quoted = isPlain ? word : "'\(word.replacing("'", with: "'\\''"))'"
        return Escaping.printable(quoted, limit: 8_192)
    }
}
