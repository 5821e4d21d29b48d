/// A run of letters, digits, hyphens and dots in a line: it may be the name of a host, or of a person.
struct HostWord {
    /// None is empty.
    let labels: [Substring]
    /// What stands right behind it, where that begins a path, a port, a query or a fragment.
    let pathStart: Unicode.Scalar?
    /// An at sign stands right before it.
    let isBehindAt: Bool

    /// - Parameter line: As ``SeenText`` makes it.
    static func words(in line: String) -> [HostWord] {
        var words: [HostWord] = []
        let scalars = line.unicodeScalars
        var index = scalars.startIndex
        while let start = scalars[index...].firstIndex(where: mayStandInHost) {
            let end = scalars[start...].firstIndex { !mayStandInHost($0) } ?? scalars.endIndex
            let parts = line[start..<end].split(separator: ".", omittingEmptySubsequences: false)
            // Two dots end a host, and another may follow.
            let groups = parts.split(separator: "")
            for (number, group) in groups.enumerated() {
                let isBehindAt =
                    number == 0 && start > scalars.startIndex
                    && scalars[scalars.index(before: start)] == "@"
                let isLast = number == groups.count - 1
                let pathStart = isLast && beginsPath(scalars[end...]) ? scalars[end] : nil
                words.append(
                    HostWord(labels: trimmed(group), pathStart: pathStart, isBehindAt: isBehindAt))
            }
            index = end
        }
        return words
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

    /// A question mark may end a sentence, and a colon stand before the next words.
    private static func beginsPath(_ rest: Substring.UnicodeScalarView) -> Bool {
        let next = rest.dropFirst().first
        return switch rest.first {
        case "/", "\\": true
        case "?", "#": next.map(mayStandInHost) ?? false
        case ":": next.map { ("0"..."9").contains($0) } ?? false
        default: false
        }
    }

    /// Hyphens around the whole stand between words.
    private static func trimmed(_ labels: ArraySlice<Substring>) -> [Substring] {
        var labels = Array(labels)
        while labels[0].first == "-" { labels[0].removeFirst() }
        while labels[labels.count - 1].last == "-" { labels[labels.count - 1].removeLast() }
        return labels.filter { !$0.isEmpty }
    }

    // MARK: What it is

    /// `acme.com`, `Acme.Com`, `acme.xn--p1ai`, and anything with a dot before a path (`Acme.Shoes/login`); not
    /// `John.Smith`, `J.R.R.`, `j.doe` or `Node.js`.
    ///
    /// What ends in no top-level domain that is known counts where it is in one case, as hosts are mostly written, and
    /// more than initials stands before it.
    func isHost(_ own: OwnDomains) -> Bool {
        guard labels.count > 1, let last = labels.last else { return false }
        if isIPv4 || own.hold(labels) || pathStart != nil && mayEndHost { return true }
        guard last.count > 1, !isDegree else { return false }
        if last.lowercased().hasPrefix("xn--") || hasKnownEnd { return true }
        guard last.allSatisfy(\.isLetter), last.utf8.count > 2 else { return false }
        let isInOneCase = last == last.lowercased() || last == last.uppercased()
        return isInOneCase && !labels.dropLast().allSatisfy { $0.count == 1 }
    }

    /// Its last label is a top-level domain's, or one before it that no person is called: `acme.com-support`,
    /// `Acme.Com.Smith`.
    var hasKnownEnd: Bool {
        endsInTopLevel
            || labels.dropFirst().contains { TopLevel.isGeneric($0.prefix { $0 != "-" }) }
    }

    var endsInTopLevel: Bool { labels.count > 1 && TopLevel.isKnown(labels[labels.count - 1]) }

    /// Its end is neither a number (`2.0/3`) nor a letter (`M.A./B.A.`).
    var mayEndHost: Bool {
        guard labels.count > 1, let last = labels.last else { return false }
        return last.count > 1 && last.first?.isLetter == true
    }

    private var isIPv4: Bool {
        labels.count == 4
            && labels.allSatisfy { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
    }

    /// `sc` is a top-level domain as well.
    private var isDegree: Bool { labels == ["B", "Sc"] || labels == ["M", "Sc"] }
}
