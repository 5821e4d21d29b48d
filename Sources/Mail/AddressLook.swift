/// Whether a line reads like an address, a host or a link: to people, or to clients, which make links of what
/// does.
enum AddressLook {
    /// Of a name that a person has chosen.
    ///
    /// - Parameter own: Nobody's name, in any case.
    static func isIn(name: String, _ own: OwnDomains) -> Bool {
        // Nearly all names have none of these, and are ASCII.
        guard name.utf8.contains(where: { $0 >= 0x80 || signs.contains($0) }) else { return false }
        let seen = SeenText.undisguised(SeenText.of(name))
        return seen.contains("@") || isWebAddress(seen) || hasScheme(seen) || hasIPv6(seen)
            || HostWord.words(in: seen).contains { $0.isHost(own) }
    }

    private static let signs = ASCIISet(".:@[({")

    /// Of a file's name: files are called `invoice.co` and `photo@2x.png`, too, so that more must be there than a dot.
    static func isIn(fileName name: String) -> Bool {
        let seen = SeenText.of(name)
        return isWebAddress(seen)
            || HostWord.words(in: seen).contains { word in
                let isHost = word.pathStart == "/" ? word.mayEndHost : word.endsInTopLevel
                return isHost && (word.pathStart != nil || word.isBehindAt)
            }
    }

    private static func isWebAddress(_ seen: String) -> Bool {
        seen.contains("://") || seen.lowercased().contains("www.")
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
}
