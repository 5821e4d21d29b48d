/// Reads header fields as a mail program would: unfolded (RFC 5322, section 2.2.3), encoded words decoded
/// (RFC 2047, section 6).
enum HeaderReader {
    /// The field's value, unfolded.
    ///
    /// - Parameter name: with its colon and space.
    static func value(_ field: [UInt8], _ name: String, limit: Int) throws(Broken) -> String {
        let lines = try MIMEReader.lines(of: field, limit: limit)
        try demand(lines.count > 1 && lines.last == [], "the field does not end its last line")
        for line in lines.dropLast() {
            try demand(
                line.contains { $0 != 0x20 && $0 != 0x09 }, "a line of the header is blank")
        }
        for line in lines.dropFirst().dropLast() {
            try demand(line.first == 0x20, "a line that begins another field")
        }
        let text = String(decoding: lines.joined(), as: UTF8.self)
        // A mark that combines with the space before it makes one character of the two.
        try demand(text.utf8.starts(with: name.utf8), "the field is not called \(name)")
        return String(decoding: text.utf8.dropFirst(name.utf8.count), as: UTF8.self)
    }

    /// Free text: a subject.
    static func text(_ value: String) throws(Broken) -> String {
        var text = ""
        var wasEncoded = true
        for (index, token) in value.split(separator: " ", omittingEmptySubsequences: false)
            .enumerated()
        {
            let encoded = try decoded(token)
            // White space between encoded words is none of the text.
            if index > 0, encoded == nil || !wasEncoded { text += " " }
            wasEncoded = encoded != nil
            text += encoded ?? String(token)
        }
        return text
    }

    /// A display name: atoms, a quoted string, or encoded words.
    static func phrase(_ value: String) throws(Broken) -> String {
        guard value.first == "\"" else {
            let isAtoms = value.utf8.allSatisfy { octet in
                octet == 0x20 || octet.isAtext
            }
            try demand(
                isAtoms && !value.contains("=?")
                    || value.split(separator: " ").allSatisfy { $0.hasPrefix("=?") },
                "a phrase of neither atoms nor encoded words: \(value)")
            return try text(value)
        }
        var name = ""
        var rest = value.unicodeScalars.dropFirst()
        while let scalar = rest.popFirst(), scalar != "\"" {
            let meant = scalar == "\\" ? rest.popFirst() : scalar
            guard let meant else { throw Broken("a quoted string ends in a backslash") }
            name.unicodeScalars.append(meant)
        }
        try demand(rest.isEmpty, "a quoted string does not end where the phrase does")
        try demand(!value.contains("=?"), "a quoted string that reads like an encoded word")
        return name
    }

    /// nil for a token that is no encoded word.
    private static func decoded(_ token: Substring) throws(Broken) -> String? {
        guard token.hasPrefix("=?"), token.hasSuffix("?=") else {
            try demand(!token.contains("=?"), "some would read an encoded word in \(token)")
            return nil
        }
        try demand(token.utf8.count <= 75, "an encoded word of \(token.utf8.count) octets")
        let parts = token.split(separator: "?", omittingEmptySubsequences: false)
        try demand(parts.count == 5 && parts[1] == "utf-8", "no encoded word: \(token)")
        let octets: [UInt8]
        switch parts[2] {
        case "b": octets = try MIMEReader.base64(Array(parts[3].utf8))
        case "q":
            let spaced = parts[3].utf8.map { $0 == UInt8(ascii: "_") ? 0x20 : $0 }
            // A word may end in a space here, a line may not.
            octets = try MIMEReader.quotedPrintable(spaced + [UInt8(ascii: "="), 0x32, 0x45])
                .dropLast()
        default: throw Broken("no encoding of a word: \(token)")
        }
        guard let text = String(validating: octets, as: UTF8.self) else {
            throw Broken("a character is cut in two between encoded words")
        }
        return text
    }
}

extension UInt8 {
    /// RFC 5322, section 3.2.3.
    fileprivate var isAtext: Bool {
        let scalar = Unicode.Scalar(self)
        return scalar.properties.isAlphabetic && isASCII
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
            || "!#$%&'*+-/=?^_`{|}~".utf8.contains(self)
    }

    private var isASCII: Bool { self < 0x80 }
}
