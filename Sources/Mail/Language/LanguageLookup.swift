/// Finds the language of a mail: the first of the wanted ones that there is (RFC 4647, section 3.4, "Lookup").
///
/// `de-AT` finds `de`, `pt_BR` finds `pt`. What stands for a language without saying its script counts as the
/// script that it is usually written in (CLDR's likely subtags): `zh` and `zh-SG` find `zh-Hans`, and `zh-TW`,
/// which is written in the other one, finds nothing.
enum LanguageLookup {
    /// A tag has at most 35 letters, digits and hyphens (RFC 5646, section 4.4.1).
    static let maximumLength = 35

    private static let byTag = Dictionary(
        uniqueKeysWithValues: Language.all.map { ($0.phrases.tag.lowercased(), $0) })

    /// - Parameter wanted: The recipient's, the newest first, then the helpdesk's.
    static func language(_ wanted: [String?]) -> Language {
        for case let tag? in wanted {
            if let found = language(tag) { return found }
        }
        return .english
    }

    /// nil if there is no such language, or it is no tag.
    static func language(_ tag: String) -> Language? {
        // Nearly always it stands there as it is.
        if let known = byTag[tag] { return known }
        // POSIX names a character set as well, or a variant: `de_DE.UTF-8`, `de_AT@euro`.
        let tag = String(OneLine.trim(tag).lowercased().prefix { $0 != "." && $0 != "@" })
        guard tag.utf8.count <= maximumLength, isTag(tag) else { return nil }
        var subtags = tag.split { $0 == "-" || $0 == "_" }.map(String.init)
        subtags = canonical(subtags)
        while !subtags.isEmpty {
            if let found = byTag[subtags.joined(separator: "-")] { return found }
            subtags.removeLast()
            // A single letter announces an extension, and says nothing by itself.
            while subtags.last?.count == 1 { subtags.removeLast() }
        }
        return nil
    }

    static func isTag(_ tag: String) -> Bool {
        let allowed = ASCIISet.lettersAndDigits.union("-_")
        return tag.utf8.count >= 2 && tag.utf8.allSatisfy { allowed.contains($0) }
    }

    private static let worldEnglish: Set = [
        "001", "150", "au", "gb", "ie", "in", "nz", "sg", "za",
    ]

    private static func canonical(_ subtags: [String]) -> [String] {
        switch subtags.first {
        // Dates in the order of the rest of the world (CLDR's parent locale `en-001`).
        case "en" where subtags.count > 1 && worldEnglish.contains(subtags[1]): return ["en", "gb"]
        // The code of Hebrew until 1989, which Java still writes.
        case "iw": return ["he"] + subtags.dropFirst()
        case "zh":
            if subtags.count > 1, subtags[1].count == 4 { return subtags }
            let isTraditional = subtags.contains { ["tw", "hk", "mo"].contains($0) }
            return ["zh", isTraditional ? "hant" : "hans"] + subtags.dropFirst()
        default: return subtags
        }
    }
}
