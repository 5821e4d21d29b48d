/// The name of somebody who writes, as mails show it.
enum PersonName {
    /// One line of at most 100 characters; nil if nothing is left that can be seen.
    static func clean(_ text: String?) -> String? {
        guard let text else { return nil }
        let name = OneLine.clean(text, limit: Mailbox.maximumNameLength)
        let isVisible = name.unicodeScalars.contains { scalar in
            !scalar.properties.isDefaultIgnorableCodePoint && scalar != " "
        }
        return isVisible ? name : nil
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
        let lowered = seen.lowercased()
        if lowered.contains("mailto:") || lowered.contains("www.") { return true }
        let words = lowered.split { " ,;()[]{}<>\"'/:".contains($0) }
        return words.contains { isDomain($0, in: seen) || isIPv4($0) }
    }

    /// What is not seen is left out, and what passes for a dot or an at sign is one (IDNA takes the dots, too:
    /// RFC 3490, section 3.1).
    private static func asSeen(_ name: String) -> String {
        var seen = String.UnicodeScalarView()
        for scalar in name.unicodeScalars where !scalar.properties.isDefaultIgnorableCodePoint {
            switch scalar.value {
            case 0x3002, 0xFF0E, 0xFF61, 0x2024, 0xFE52: seen.append(".")
            case 0xFF20, 0xFE6B: seen.append("@")
            case 0xFF1A: seen.append(":")
            case 0xFF0F: seen.append("/")
            default: seen.append(scalar)
            }
        }
        return String(seen)
    }

    private static func isIPv4(_ word: Substring) -> Bool {
        let parts = word.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
            }
    }

    /// `acme.com`, `ACME.COM`, but not `Dr.Smith` or `J.R.R.`.
    private static func isDomain(_ word: Substring, in name: String) -> Bool {
        let labels = word.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count > 1, let top = labels.last, top.count >= 2, !labels.contains("") else {
            return false
        }
        let isWord = top.allSatisfy { $0.isLetter }
        return isWord && (name.contains("." + top) || name.contains("." + top.uppercased()))
    }
}
