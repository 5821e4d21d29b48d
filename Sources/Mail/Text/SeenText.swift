/// A line as readers and link makers take it: what can't be seen is left out, and what passes for a sign of
/// addresses is that sign.
enum SeenText {
    static func of(_ line: String) -> String {
        var seen = String.UnicodeScalarView()
        for scalar in line.unicodeScalars where !scalar.properties.isDefaultIgnorableCodePoint {
            seen.append(folded(scalar))
        }
        return String(seen)
    }

    /// IDNA takes ideographic and wide dots for dots (RFC 3490, section 3.1; RFC 5895, section 2), and wide ASCII for
    /// ASCII (Unicode Technical Standard 46).
    private static func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0xFF01...0xFF5E: Unicode.Scalar(UInt8(scalar.value - 0xFEE0))
        case 0x3002, 0xFF61, 0x2024, 0xFE52: "."
        case 0xFE6B: "@"
        case 0xFE55, 0x2236, 0xA789: ":"
        case 0x2044, 0x2215, 0x29F8: "/"
        case 0x2216, 0x29F5, 0xFE68: "\\"
        case 0xFE56: "?"
        case 0xFE5F: "#"
        default: scalar
        }
    }

    /// `evil[.]com` and `ann (at) acme [dot] com` as readers put them together.
    static func undisguised(_ line: String) -> String {
        var plain = ""
        var rest = line[...]
        while let open = rest.firstIndex(where: { "[({".contains($0) }),
            let close = rest[open...].firstIndex(where: { "])}".contains($0) })
        {
            let word = OneLine.trim(String(rest[rest.index(after: open)..<close])).lowercased()
            guard let sign = signs[word] else {
                plain += rest[...open]
                rest = rest[rest.index(after: open)...]
                continue
            }
            plain += rest[..<open]
            while plain.last == " " { plain.removeLast() }
            plain += sign
            rest = rest[rest.index(after: close)...].drop { $0 == " " }
        }
        return plain + rest
    }

    private static let signs = [".": ".", "dot": ".", "at": "@", "@": "@"]
}
