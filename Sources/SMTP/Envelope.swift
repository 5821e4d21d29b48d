/// Whom a mail is from and to, as SMTP is told: bare addresses without angle brackets.
package struct Envelope: Hashable, Sendable {
    /// The reverse path; empty for `<>`.
    package var from: String
    package var recipient: String
    /// The message in octets, its line ends included, dots not doubled (RFC 1870, section 3).
    package var size: Int
    /// An address or a header needs SMTPUTF8 (RFC 6531).
    ///
    /// Held to be true of an address that is not ASCII, whatever is said here.
    package var needsSMTPUTF8: Bool

    package init(from: String, recipient: String, size: Int, needsSMTPUTF8: Bool = false) {
        self.from = from
        self.recipient = recipient
        self.size = size
        self.needsSMTPUTF8 = needsSMTPUTF8
    }

    /// The longest local part, `@` and domain (RFC 5321, section 4.5.3.1), in octets.
    static let addressLimit = 64 + 1 + 255

    /// Whether the address can stand between angle brackets without ending them, the line or the
    /// command: no control characters anywhere, no brackets or spaces outside a quoted string.
    ///
    /// Belt and braces: that it is an address at all was seen to when the mail was composed.
    static func isSafe(_ address: String) -> Bool {
        guard (1...addressLimit).contains(address.utf8.count) else { return false }
        var isQuoted = false
        var isEscaped = false
        for scalar in address.unicodeScalars {
            switch scalar {
            case "\u{00}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}": return false
            case _ where isEscaped: isEscaped = false
            case "\\" where isQuoted: isEscaped = true
            case "\"": isQuoted.toggle()
            case "<", ">", " ", "\\": if !isQuoted { return false }
            default: break
            }
        }
        return !isQuoted
    }

    var isASCII: Bool {
        from.utf8.allSatisfy { $0 < 0x80 } && recipient.utf8.allSatisfy { $0 < 0x80 }
    }
}
