/// A link that stands in a text as it was written.
struct WebLink {
    /// What was written.
    let range: Range<Int>
    let url: WebURL

    /// The link whose scheme ends with this colon; nil if none does.
    ///
    /// Punctuation behind it belongs to the sentence: `(see https://acme.test/a_(b).)`.
    ///
    /// - Parameter start: It begins no earlier.
    init?(
        _ text: [UInt8], colon: Int, from start: Int, limit: Int,
        hosts: inout InternationalHosts
    ) {
        guard let begin = Self.scheme(text, colon: colon, from: start) else { return nil }
        let end = Self.end(text, from: colon, limit: limit)
        // Browsers take a backslash for a slash.
        guard end > colon + 3, end - begin <= WebURL.maximumLength,
            !text[begin..<end].contains(0x5C),
            let url = WebURL(
                String(decoding: text[begin..<end], as: UTF8.self),
                toASCII: { hosts.asciiDomain($0) })
        else { return nil }
        range = begin..<end
        self.url = url
    }

    private static func scheme(_ text: [UInt8], colon: Int, from start: Int) -> Int? {
        for length in [4, 5] where colon - length >= start {
            let begin = colon - length
            let letters = text[begin..<colon].map { $0 | 0x20 }
            guard letters == Array((length == 4 ? "http" : "https").utf8) else { continue }
            let before = begin > start ? text[begin - 1] : 0x20
            // `http://http://acme.test` is no link, nor is its end.
            let isWithin = before == 0x2F && begin - 1 > start && text[begin - 2] == 0x2F
            return isWithin || ASCIISet.lettersAndDigits.contains(before) ? nil : begin
        }
        return nil
    }

    /// Looks no further than a link may be long: a text of colons would be read to its end from each of them.
    private static func end(_ text: [UInt8], from colon: Int, limit: Int) -> Int {
        guard colon + 2 < limit, text[colon + 1] == 0x2F, text[colon + 2] == 0x2F else {
            return colon
        }
        let longest = colon + WebURL.maximumLength
        var end = colon + 3
        while end < limit, !endsLink(text, at: end, limit: limit),
            !ends(text, at: end, limit: limit)
        {
            guard end < longest else { return colon }
            end += 1
        }
        end = beforeBracket(text, colon + 3..<end)
        let found = end
        var unpaired = Pairs(text[colon..<end])
        while end > colon + 3, unpaired.takeEnd(text[end - 1], behind: text[end - 2]) { end -= 1 }
        return inHostsScript(text, colon + 3..<end, found: found, limit: limit)
    }

    /// Where a bracket that has none to go with ends the link, and another stands right behind, as in Markdown
    /// (`[https://acme.test](https://acme.test)`), or a script that needs no space (`(https://acme.test)에서`).
    private static func beforeBracket(_ text: [UInt8], _ link: Range<Int>) -> Int {
        var open = [0, 0, 0]
        for index in link {
            if let kind = opening.firstIndex(of: text[index]) {
                open[kind] += 1
            } else if let kind = closing.firstIndex(of: text[index]) {
                open[kind] -= 1
                let next = index + 1
                if open[kind] < 0, next < link.upperBound,
                    text[next] >= 0x80 || opening.contains(text[next])
                {
                    return index
                }
            }
        }
        return link.upperBound
    }

    private static let opening = Array("([{".utf8)
    private static let closing = Array(")]}".utf8)

    /// Whether what stands here ends one link and another begins behind it (`…/1,https://…/2`), or a sentence in a script
    /// that needs no space for it goes on (`…/help,然后`).
    static func ends(_ text: [UInt8], at index: Int, limit: Int) -> Bool {
        let octet = text[index]
        if sentenceGoesOn.contains(octet), index + 1 < limit,
            LinkHost.isEastAsian(text, at: index + 1)
        {
            return true
        }
        guard separators.contains(octet) else { return false }
        let start = text[index + 1..<min(index + 9, limit)].map { $0 | 0x20 }
        return start.starts(with: "http://".utf8) || start.elementsEqual("https://".utf8)
    }

    private static let separators = ASCIISet(",;|")
    private static let sentenceGoesOn = ASCIISet(",;:!")

    /// - Parameter found: Where the link ends with the punctuation behind it.
    /// - Returns: Its end; where it has to be none, less than its start.
    private static func inHostsScript(
        _ text: [UInt8], _ link: Range<Int>, found: Int, limit: Int
    ) -> Int {
        let isASCII = !text[link].contains { $0 >= 0x80 }
        guard !isASCII || found < limit && text[found] >= 0x80 else { return link.upperBound }
        if !isASCII, let end = LinkHost(text, of: link).otherScript { return end }
        return LinkHost(text, of: link.lowerBound..<found).goesOn(before: limit)
            ? 0 : link.upperBound
    }

    /// White space, quotes and angle brackets, and what other scripts have for them and for punctuation: nobody
    /// writes a link with it, but right behind one.
    private static func endsLink(_ text: [UInt8], at index: Int, limit: Int) -> Bool {
        let octet = text[index]
        if octet <= 0x20 || octet == 0x3C || octet == 0x3E || octet == 0x22 { return true }
        guard octet >= 0xC2, index + 1 < limit else { return false }
        let next = text[index + 1]
        switch octet {
        // U+00A0, «, ­, ·, », ¿.
        case 0xC2 where [0xA0, 0xAB, 0xAD, 0xB7, 0xBB, 0xBF].contains(next): return true
        // Hebrew ׀ ׳ ״, and the Arabic mark of direction, U+061C.
        case 0xD7 where [0x80, 0xB3, 0xB4].contains(next): return true
        case 0xD8 where next == 0x9C: return true
        // U+2000 to U+207F, U+3000 to U+303F, U+FE00 to U+FFFF.
        case 0xE2 where next <= 0x81: return true
        // U+2600 to U+27BF, U+1F000 to U+1FFFF: signs and emoji.
        case 0xE2 where (0x98...0x9E).contains(next): return endsWord(text, from: index, limit)
        case 0xF0 where next == 0x9F: return endsWord(text, from: index, limit)
        case 0xE3 where next == 0x80: return true
        case 0xEF where next >= 0xB8: return true
        default: return endsSentence(text, at: index)
        }
    }

    /// Nothing of an address stands behind what is not ASCII: `i❤.ws` is one.
    private static func endsWord(_ text: [UInt8], from index: Int, _ limit: Int) -> Bool {
        let next = text[index..<limit].first { $0 < 0x80 } ?? 0x20
        return next <= 0x20 || next == 0x29
    }

    /// Hindi `।`, Urdu `۔`, Armenian `։`, Ethiopic `።`, and their commas, colons and question marks
    /// (`Terminal_Punctuation` in Unicode's PropList.txt).
    ///
    /// - Parameter text: Valid UTF-8.
    private static func endsSentence(_ text: [UInt8], at index: Int) -> Bool {
        let octets = text[index..<min(index + 4, text.count)]
        let scalar = String(decoding: octets, as: UTF8.self).unicodeScalars.first
        return scalar?.properties.isTerminalPunctuation ?? false
    }

    /// More closing than opening brackets: so many of them stand behind the link.
    ///
    /// So does a quote that has none to go with.
    private struct Pairs {
        private var round: Int
        private var square: Int
        private var curly: Int
        private var quotes: Int

        init(_ link: ArraySlice<UInt8>) {
            func excess(_ open: UInt8, _ close: UInt8) -> Int {
                link.count { $0 == close } - link.count { $0 == open }
            }
            (round, square, curly) = (excess(0x28, 0x29), excess(0x5B, 0x5D), excess(0x7B, 0x7D))
            quotes = link.count { $0 == 0x27 }
        }

        /// Whether the octet at the end is the sentence's.
        mutating func takeEnd(_ octet: UInt8, behind before: UInt8) -> Bool {
            switch octet {
            case 0x29: Self.take(&round)
            case 0x5D: Self.take(&square)
            case 0x7D: Self.take(&curly)
            case 0x27: takeQuote(isPair: before == 0x27)
            default: WebLink.punctuation.contains(octet)
            }
        }

        /// Two side by side are italics in wikis.
        private mutating func takeQuote(isPair: Bool) -> Bool {
            let isTaken = isPair || !quotes.isMultiple(of: 2)
            quotes -= 1
            return isTaken
        }

        private static func take(_ excess: inout Int) -> Bool {
            excess -= 1
            return excess >= 0
        }
    }

    private static let punctuation = ASCIISet(".,;:!?*_~`|")
}
