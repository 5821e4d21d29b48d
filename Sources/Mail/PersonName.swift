/// The name of somebody who writes, as mails show it.
enum PersonName {
    /// One line of at most 100 characters; nil if nothing is left.
    static func clean(_ text: String?) -> String? {
        guard let text else { return nil }
        let name = OneLine.clean(text, limit: Mailbox.maximumNameLength)
        return name.isEmpty ? nil : name
    }

    /// A name that a visitor has chosen: nil as well for what passes for an address or a link, which the
    /// reader would take for the sender's.
    static func visitor(_ text: String?) -> String? {
        clean(text).flatMap { looksLikeAddress($0) ? nil : $0 }
    }

    private static func looksLikeAddress(_ name: String) -> Bool {
        // Nearly all names have neither a dot, nor a colon, nor an at sign.
        let mark = name.utf8.contains { $0 == 0x2E || $0 == 0x3A || $0 == 0x40 || $0 == 0xEF }
        guard mark else { return false }
        if name.contains("@") || name.contains("＠") || name.contains("://") { return true }
        let words = name.lowercased().split { " ,;()[]{}<>\"'/:".contains($0) }
        return words.contains { word in
            word.hasPrefix("www.") || isDomain(word, in: name)
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
