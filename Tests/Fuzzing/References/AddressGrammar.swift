/// The Mailbox of RFC 5321, section 4.1.2 with UTF-8 (RFC 6531, section 3.3), as Contract.md takes it, written a
/// second time: by scalars and by splitting, not by octets in one pass.
enum AddressGrammar {
    private typealias Text = Substring.UnicodeScalarView

    /// - Parameter text: trimmed.
    static func isMailbox(_ text: String) -> Bool {
        let scalars = text[...].unicodeScalars
        guard text.utf8.count <= 254, !scalars.contains(where: isControl) else { return false }
        let end = scalars.first == "\"" ? endOfQuoted(scalars) : scalars.firstIndex(of: "@")
        guard let end, end < scalars.endIndex, scalars[end] == "@" else { return false }
        let local = scalars[..<end]
        guard text.utf8.distance(from: text.startIndex, to: end) <= 64,
            local.first == "\"" || isDotString(local)
        else { return false }
        return isDomain(scalars[scalars.index(after: end)...])
    }

    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    private static func isDotString(_ text: Text) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { atom in
            !atom.isEmpty
                && atom.allSatisfy {
                    !$0.isASCII || "!#$%&'*+-/=?^_`{|}~".unicodeScalars.contains($0)
                        || isAlphanumeric($0)
                }
        }
    }

    private static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
    }

    /// Behind the closing quotation mark; nil if there is none.
    private static func endOfQuoted(_ text: Text) -> Text.Index? {
        var rest = text.dropFirst()
        while let scalar = rest.popFirst() {
            if scalar == "\"" { return rest.startIndex }
            if scalar == "\\", rest.popFirst().map({ (" "..."~").contains($0) }) != true {
                return nil
            }
        }
        return nil
    }

    private static func isDomain(_ text: Text) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            !label.isEmpty && String(label).utf8.count <= 63 && label.first != "-"
                && label.last != "-" && label.allSatisfy(mayStandInLabel)
        }
    }

    private static func mayStandInLabel(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar == "-" || isAlphanumeric(scalar) }
        // RFC 5892, appendix A: joiners, and the punctuation of Catalan, Greek, Hebrew and Japanese.
        if [0xB7, 0x375, 0x5F3, 0x5F4, 0x200C, 0x200D, 0x30FB].contains(scalar.value) {
            return true
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator, .spaceSeparator, .connectorPunctuation, .dashPunctuation,
            .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation,
            .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
            return false
        default: return true
        }
    }
}
