/// Text as troff reads it (groff_man(7), mandoc's man(7)).
///
/// What would be a command to it is escaped: a backslash, a full stop or an apostrophe that begins a line.
/// A hyphen is the character that a shell understands, and what is not ASCII is written by its number.
enum Roff {
    /// The longest line of the source; mandoc(1) complains of those beyond 80.
    private static let width = 78

    /// A paragraph; what stands in backticks is bold.
    ///
    /// - Returns: lines, each with its end.
    static func paragraph(_ text: String) -> String {
        var lines: [String] = []
        var line = ""
        for word in marked(text).split(whereSeparator: \.isWhitespace) {
            if line.isEmpty {
                line = String(word)
            } else if line.utf8.count + 1 + word.utf8.count <= width {
                line += " " + word
            } else {
                lines.append(line)
                line = String(word)
            }
        }
        if !line.isEmpty { lines.append(line) }
        return lines.map { guarded($0) + "\n" }.joined()
    }

    /// One line that stays one.
    static func line(_ text: String) -> String { guarded(escaped(text)) + "\n" }

    /// A word or several as one argument of a macro.
    static func argument(_ text: String) -> String {
        "\"\(escaped(text).replacing("\"", with: "\\(dq"))\""
    }

    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars { append(scalar, to: &result) }
        return result
    }

    /// Bold goes on over spaces, so that backticks may hold a command line.
    private static func marked(_ text: String) -> String {
        var result = ""
        var isBold = false
        for scalar in text.unicodeScalars {
            if scalar == "`" {
                isBold.toggle()
                result += isBold ? "\\fB" : "\\fR"
            } else {
                append(scalar, to: &result)
            }
        }
        return isBold ? result + "\\fR" : result
    }

    private static func append(_ scalar: Unicode.Scalar, to result: inout String) {
        switch scalar {
        case "\\": result += "\\e"
        case "-": result += "\\-"
        // These four are typeset as others, which no shell understands.
        case "'": result += "\\(aq"
        case "`": result += "\\(ga"
        case "^": result += "\\(ha"
        case "~": result += "\\(ti"
        case _ where scalar.isASCII: result.unicodeScalars.append(scalar)
        default: result += number(of: scalar)
        }
    }

    private static func number(of scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "\\[u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "]"
    }

    /// A zero-width character keeps a line of text from being a command.
    private static func guarded(_ line: String) -> String {
        line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : line
    }
}
