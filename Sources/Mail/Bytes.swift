internal import Delivery

/// Mails are built by appending to one array of bytes: no String is joined on the way.
extension [UInt8] {
    mutating func append(text: String) {
        let octets = text.utf8.span
        append(octets, 0..<octets.count)
    }

    /// A part of a text, without a slice of its array.
    @inline(__always)
    mutating func append(_ text: Span<UInt8>, _ range: Range<Int>) {
        // The range is checked by the buffer.
        unsafe text.withUnsafeBufferPointer {
            unsafe append(contentsOf: UnsafeBufferPointer(rebasing: $0[range]))
        }
    }

    /// At least `digits` digits, filled with zeros; `number` is not negative.
    mutating func append(decimal number: Int, digits: Int = 1) {
        let goesOn = number > 99 || digits > 2
        if goesOn { append(decimal: number / 100, digits: Swift.max(1, digits - 2)) }
        let pair = number % 100
        if goesOn || pair > 9 || digits == 2 { append(0x30 + UInt8(truncatingIfNeeded: pair / 10)) }
        append(0x30 + UInt8(truncatingIfNeeded: pair % 10))
    }

    /// Two upper-case hexadecimal digits.
    @inline(__always)
    mutating func append(hex byte: UInt8) {
        append(HexDigit.upper(byte >> 4))
        append(HexDigit.upper(byte & 0xF))
    }

    /// Text in HTML, also within a quoted attribute: the five characters that mean something there
    /// become references, and a line break becomes `<br>`.
    mutating func append(escaping text: String) {
        let octets = text.utf8.span
        append(escaping: octets, 0..<octets.count)
    }

    mutating func append(escaping octets: Span<UInt8>, _ range: Range<Int>) {
        var start = range.lowerBound
        while true {
            let end = octets.first(from: start, limit: range.upperBound) { $0.specialInHTML }
            append(octets, start..<end)
            guard end < range.upperBound else { return }
            append(text: Self.reference(octets[end]))
            start = end + 1
        }
    }

    /// Text in HTML, with the links in it.
    ///
    /// - Parameters:
    ///   - isTurned: It runs from right to left; addresses don't.
    ///   - breaks: What stands for a line break; within `pre` they stay.
    mutating func append(
        linking text: [UInt8], _ range: Range<Int>, isTurned: Bool = false,
        breaks: String = "<br>", hosts: inout InternationalHosts
    ) {
        let octets = text.span
        var start = range.lowerBound
        var index = start
        while true {
            let end = octets.first(from: index, limit: range.upperBound) {
                $0.specialInHTML | $0.equal(to: 0x3A)
            }
            index = end + 1
            if end < range.upperBound, octets[end] == 0x3A {
                let link = WebLink(
                    text, colon: end, from: start, limit: range.upperBound, hosts: &hosts)
                guard let link else { continue }
                append(octets, start..<link.range.lowerBound)
                append(link, of: text, isTurned: isTurned)
                start = link.range.upperBound
                index = start
                continue
            }
            append(octets, start..<end)
            guard end < range.upperBound else { return }
            append(text: Self.reference(octets[end], breaks: breaks))
            start = index
        }
    }

    /// A name, in HTML: whichever way it runs, it turns nothing beside it.
    mutating func append(isolated text: String, within language: Language) {
        append(isolating: TextDirection(text), within: language) { $0.append(escaping: text) }
    }

    /// What runs as all does around it, and can't run otherwise, needs nothing.
    mutating func append(
        isolating direction: TextDirection, within language: Language,
        _ append: (inout [UInt8]) -> Void
    ) {
        let isRightToLeft = direction.isRightToLeft ?? false
        let isMarked = isRightToLeft || direction.hasRightToLeft || language.phrases.isRightToLeft
        if isMarked { self.append(text: "<span dir=\"\(isRightToLeft ? "rtl" : "ltr")\">") }
        append(&self)
        if isMarked { self.append(text: "</span>") }
    }

    private mutating func append(_ link: WebLink, of text: [UInt8], isTurned: Bool) {
        append(text: isTurned ? "<a dir=\"ltr\" href=\"" : "<a href=\"")
        append(escaping: link.url.description)
        append(text: HTMLStyle.linkEnd)
        append(escaping: text.span, link.range)
        append(text: "</a>")
    }

    private static func reference(_ byte: UInt8, breaks: String = "<br>") -> String {
        switch byte {
        case 0x26: "&amp;"
        case 0x3C: "&lt;"
        case 0x3E: "&gt;"
        case 0x22: "&quot;"
        case 0x27: "&#39;"
        case 0x0A: breaks
        // Marked with the quotation marks.
        default: "#"
        }
    }
}

extension EightOctets {
    /// A line break, `<` or `>`, or one of `"`, `&` and `'`, and with them `#`.
    @inline(__always)
    fileprivate var specialInHTML: UInt64 {
        equal(to: 0x0A) | equal(to: 0x3E, ignoring: 0x02) | equal(to: 0x27, ignoring: 0x05)
    }
}

extension Collection<UInt8> {
    /// No control character (C0, DEL, C1) and no line or paragraph separator, in valid UTF-8.
    var isFreeOfControls: Bool {
        var previous: UInt8 = 0
        var beforePrevious: UInt8 = 0
        for byte in self {
            if byte < 0x20 || byte == 0x7F { return false }
            if previous == 0xC2, byte < 0xA0 { return false }
            if beforePrevious == 0xE2, previous == 0x80, byte == 0xA8 || byte == 0xA9 {
                return false
            }
            beforePrevious = previous
            previous = byte
        }
        return true
    }
}
