/// The name of somebody who writes, as mails show it.
enum PersonName {
    /// One line of at most 100 characters; nil if nothing is left that can be seen.
    static func clean(_ text: String?) -> String? {
        text.flatMap { OneLine.seen($0, limit: Mailbox.maximumNameLength) }
    }

    /// A name that a visitor has chosen: nil as well for what passes for an address or a link, which the
    /// reader would take for the sender's.
    static func visitor(_ text: String?) -> String? {
        clean(text).flatMap { looksLikeAddress($0) ? nil : $0 }
    }

    private static func looksLikeAddress(_ name: String) -> Bool {
        // Nearly all names have neither a dot, nor a colon, nor an at sign, and are ASCII.
        let mark = name.utf8.contains { $0 == 0x2E || $0 == 0x3A || $0 == 0x40 || $0 >= 0x80 }
        guard mark else { return false }
        let seen = asSeen(name)
        if seen.contains("@") || seen.contains("://") { return true }
        if seen.lowercased().contains("www.") { return true }
        return hasScheme(seen) || hasIPv6(seen)
            || seen.unicodeScalars.split { !mayStandInHost($0) }.contains { run in
                // What ends a sentence, or stands between two words, is no part of the host.
                let host = trimmed(String(run))
                return isDomain(host) || isIPv4(host)
            }
    }

    /// What is not seen is left out, and what passes for a dot or an at sign is one (IDNA takes the dots, too:
    /// RFC 3490, section 3.1).
    private static func asSeen(_ name: String) -> String {
        var seen = String.UnicodeScalarView()
        for scalar in name.unicodeScalars where !scalar.properties.isDefaultIgnorableCodePoint {
            switch scalar.value {
            case 0x3002, 0xFF0E, 0xFF61, 0x2024, 0xFE52: seen.append(".")
            case 0xFF20, 0xFE6B: seen.append("@")
            case 0xFF1A, 0xFE55, 0x2236, 0xA789: seen.append(":")
            case 0xFF0F, 0x2044, 0x2215: seen.append("/")
            default: seen.append(scalar)
            }
        }
        return String(seen)
    }

    /// Letters, marks and digits of any script, the hyphen, and the dot between labels.
    private static func mayStandInHost(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .letterNumber,
            .otherNumber:
            true
        default: scalar == "." || scalar == "-"
        }
    }

    private static func trimmed(_ run: String) -> Substring {
        var rest = run[...]
        while rest.first == "." || rest.first == "-" { rest.removeFirst() }
        while rest.last == "." || rest.last == "-" { rest.removeLast() }
        return rest
    }

    private static func isIPv4(_ word: Substring) -> Bool {
        let parts = word.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
            }
    }

    /// `[::1]`, `2001:db8::1`: nothing but hexadecimal digits with two colons between them.
    private static func hasIPv6(_ name: String) -> Bool {
        name.split { !($0.isHexDigit || $0 == ":") }.contains { run in
            run.count { $0 == ":" } >= 2
        }
    }

    /// `https:acme`, `javascript:alert(1)`, `tel:+1`: links without two slashes.
    private static func hasScheme(_ name: String) -> Bool {
        let parts = name.lowercased().split(separator: ":", omittingEmptySubsequences: false)
        return zip(parts, parts.dropFirst()).contains { before, after in
            guard let next = after.first, next != " " else { return false }
            let word = before.reversed().prefix { $0.isASCII && ($0.isLetter || $0 == "-") }
            return schemes.contains(String(word.reversed()))
        }
    }

    /// Those that mail clients and browsers make links of (IANA's "Uniform Resource Identifier Schemes").
    private static let schemes: Set = [
        "about", "blob", "callto", "chrome", "cid", "data", "facetime", "file", "ftp", "ftps",
        "geo", "http", "https", "intent", "irc", "javascript", "ldap", "magnet", "mailto",
        "market", "mid", "news", "sftp", "sip", "sips", "skype", "sms", "ssh", "tel", "tg", "urn",
        "vbscript", "view-source", "whatsapp", "ws", "wss", "xmpp",
    ]

    /// `acme.com`, `ACME.COM`, `acme.xn--p1ai`, but not `Dr.Smith` or `J.R.R.`.
    private static func isDomain(_ word: Substring) -> Bool {
        let labels = word.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count > 1, let top = labels.last, top.count >= 2, !labels.contains("") else {
            return false
        }
        let lowered = top.lowercased()
        if lowered.hasPrefix("xn--") { return true }
        return top.allSatisfy { $0.isLetter }
            && (top == lowered || top == top.uppercased() || usualEnds.contains(lowered))
    }

    /// Nobody is called so: `Acme.Com` is a host, too.
    private static let usualEnds: Set = ["app", "biz", "com", "info", "net", "online", "org"]
}
