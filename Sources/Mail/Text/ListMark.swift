/// What begins an entry of a list, however far it is indented: `- `, `• `, `2. `, `(3) `, `a) `, `① `, `1、`.
///
/// White space stands behind it, which is a tab where the list comes from a word processor.
struct ListMark {
    /// Where it begins, and where what is written behind it does.
    let range: Range<Int>
    /// Of one that counts: `b)` is the second.
    let number: Int?

    /// nil if the line begins with none.
    init?(_ line: ArraySlice<UInt8>) {
        let rest = line.trimmedAtStart
        guard let first = rest.first else { return nil }
        let length = first < 0x80 ? Self.length(rest, first) : Self.lengthBeyondASCII(rest)
        guard length > 0 else { return nil }
        let behind = rest.dropFirst(length)
        let written = Self.withoutSpaces(behind)
        if written.startIndex == behind.startIndex {
            guard rest.prefix(length).suffix(3).starts(withOneOf: Self.wideEnds) else { return nil }
        }
        range = rest.startIndex..<written.startIndex
        number = Self.number(Self.counted(rest.drop { $0 == 0x28 }))
    }

    /// Whether the line may begin with one, or with an indent, by its first octets.
    static func mayBegin(_ line: ArraySlice<UInt8>) -> Bool {
        guard let first = line.first else { return false }
        if first >= 0x80 || firstOfUsual.contains(first) { return true }
        var index = line.startIndex + 1
        let end = min(index + 5, line.endIndex)
        while index < end, line[index] != 0x20 {
            if line[index] == 0x29 || line[index] == 0x09 { return true }
            index += 1
        }
        return false
    }

    private static let firstOfUsual = ASCIISet(" \t-=*+(0123456789")

    // MARK: Marks, without what stands behind them

    /// - Returns: in octets; 0 if the line begins with no mark.
    private static func length(_ rest: ArraySlice<UInt8>, _ first: UInt8) -> Int {
        switch first {
        case 0x2D, 0x3D: return rest.dropFirst().first == 0x3E ? 2 : first == 0x2D ? 1 : 0
        case 0x2A, 0x2B: return 1
        default: break
        }
        let isInBrackets = first == 0x28
        let counted = counted(rest.dropFirst(isInBrackets ? 1 : 0))
        guard let start = counted.first else { return 0 }
        let behind = rest[counted.endIndex...]
        if behind.first == 0x29 { return counted.count + (isInBrackets ? 2 : 1) }
        if isInBrackets { return 0 }
        if behind.starts(withOneOf: wideEnds) { return counted.count + 3 }
        if let tab = rest.prefix(8).firstIndex(where: { $0 <= 0x20 }), rest[tab] == 0x09 {
            return isOfWord(rest[..<tab], counted) ? tab - rest.startIndex : 0
        }
        return behind.first == 0x2E && start.isDigit ? counted.count + 1 : 0
    }

    /// With a tab behind it: `1.`, `a.`, `IV.`, `1.)`, `1.2.` or `1.2` (not `9.30`, an hour), and what bullets become in
    /// plain text, `o` and `v`.
    private static func isOfWord(_ mark: ArraySlice<UInt8>, _ counted: ArraySlice<UInt8>) -> Bool {
        if mark.count == 1 { return mark.first == 0x6F || mark.first == 0x76 }
        let end = mark[counted.endIndex...]
        if end.elementsEqual([0x2E]) || end.elementsEqual([0x2E, 0x29]) { return true }
        let levels = mark.split(separator: 0x2E)
        return levels.count > 1 && mark.last != 0x29
            && levels.allSatisfy { !$0.isEmpty && $0.count <= 2 && $0.allSatisfy(\.isDigit) }
            && (mark.last == 0x2E || levels.dropFirst().allSatisfy { $0.count == 1 })
    }

    /// Up to three digits, one letter, or a Roman number (`iv`).
    private static func counted(_ rest: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let digits = rest.prefix(4).prefix { $0.isDigit }
        if !digits.isEmpty { return digits.count <= 3 ? digits : [] }
        for digits in ["ivx", "IVX"] {
            let roman = rest.prefix(5).prefix { digits.utf8.contains($0) }
            if roman.count > 1 { return roman.count <= 4 ? roman : [] }
        }
        return rest.prefix(1).prefix { (0x61...0x7A).contains($0 | 0x20) }
    }

    private static func number(_ counted: ArraySlice<UInt8>) -> Int? {
        guard let first = counted.first else { return nil }
        if first.isDigit { return counted.reduce(0) { $0 * 10 + Int($1 - 0x30) } }
        return counted.count > 1 ? nil : Int((first | 0x20) - 0x60)
    }

    // MARK: Beyond ASCII

    private static func lengthBeyondASCII(_ rest: ArraySlice<UInt8>) -> Int {
        let scalars = String(decoding: rest.prefix(16), as: UTF8.self).unicodeScalars
        guard let first = scalars.first else { return 0 }
        let mark = UTF8.width(first)
        // As some signs are followed by which asks for their picture.
        if bullets.contains(first) {
            return mark + (rest.dropFirst(mark).starts(with: picture) ? 3 : 0)
        }
        let next = scalars.dropFirst().first ?? " "
        if symbols.contains(first), next == "\t" { return mark }
        let isInBrackets = first == "（"
        let counted = scalars.dropFirst(isInBrackets ? 1 : 0).prefix(3).prefix(while: counts)
        let isLetter = counted.isEmpty && !isInBrackets && isSingleLetter(first)
        guard isLetter || !counted.isEmpty else { return 0 }
        let all = isLetter ? mark : counted.reduce(isInBrackets ? mark : 0) { $0 + UTF8.width($1) }
        let end = scalars.dropFirst(isLetter ? 1 : counted.count + (isInBrackets ? 1 : 0)).first
        switch end {
        case "）", "、", "．": return all + 3
        case ")": return isInBrackets ? 0 : all + 1
        // In Latin, Greek and Cyrillic it is a letter of a name.
        case "." where !isInBrackets && (!isLetter || first.value > 0x52F): return all + 1
        default: return 0
        }
    }

    /// A digit of any script, or a number as Chinese writes it.
    private static func counts(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .decimalNumber
            || "一二三四五六七八九十".unicodeScalars.contains(scalar)
    }

    /// Of an alphabet, and of Korean's syllables; each character of Chinese is a word.
    private static func isSingleLetter(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic && !scalar.properties.isIdeographic
            && !(0x3040...0x30FF).contains(scalar.value)
    }

    private static let bullets = Set(
        """
        •–—●○■□▪▫◦‣⁃∙→➔➜➤➢➡►▶✓✔✗✘✅❌☐☑☒★☆◆◇❖❑❒⬥※・·»👉🔹🔸\u{F0B7}\u{F0A7}\u{F0D8}\u{F0FC}\
        ①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳
        """.unicodeScalars)

    /// What Word's bullets become in plain text, as do `o` and `v`: with a tab behind them.
    private static let symbols = Set("§Øü".unicodeScalars)

    private static let picture = Array("\u{FE0F}".utf8)

    // MARK: Behind them

    /// Also spaces that do not break, which come from what people type in a browser.
    private static func withoutSpaces(_ rest: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = rest.trimmedAtStart
        while rest.starts(with: "\u{A0}".utf8) { rest = rest.dropFirst(2).trimmedAtStart }
        return rest
    }

    /// As wide as a character of Chinese and Japanese, with the space in it.
    private static let wideEnds = ["・", "、", "．", "）"].map { Array($0.utf8) }
}
