/// Quoted-printable (RFC 2045, section 6.7): only ASCII leaves, in lines of at most 76 characters
/// that end with CRLF and never with white space.
enum QuotedPrintable {
    /// One less than 76: the `=` of a soft line break has its place.
    private static let lineLimit = 75

    /// Where the run of octets that stand for themselves ends: printable ASCII but for the sign itself, and
    /// the tab.
    @inline(__always)
    private static func endOfRun(_ octets: Span<UInt8>, from start: Int, limit: Int) -> Int {
        var end = start
        while true {
            end = octets.first(from: end, limit: limit) { $0.unprintable | $0.equal(to: 0x3D) }
            guard end < limit, octets[end] == 0x09 else { return end }
            end += 1
        }
    }

    /// Appends `text`, in which LF is a line break.
    ///
    /// Copies whole runs of characters that stand for themselves. A dot that begins a line is encoded, which RFC 2045
    /// allows: then none has to be doubled on the wire (RFC 5321, section 4.5.2), and none can get lost on the way.
    static func append(_ text: [UInt8], to out: inout [UInt8]) {
        let octets = text.span
        var column = 0
        var index = 0
        while index < text.count {
            if column == 0, octets[index] == 0x2E {
                append(encoded: 0x2E, column: &column, to: &out)
                index += 1
                continue
            }
            let limit = min(text.count, index + lineLimit - column)
            let end = endOfRun(octets, from: index, limit: limit)
            if end == text.count || octets[end] == 0x0A {
                append(lastRun: index..<end, of: octets, column: &column, to: &out)
                if end < text.count { endLine(&column, of: &out) }
                index = end + 1
                continue
            }
            out.append(octets, index..<end)
            column += end - index
            index = end
            if column == lineLimit {
                breakSoftly(&column, of: &out)
            } else {
                append(encoded: octets[end], column: &column, to: &out)
                index += 1
            }
        }
    }

    /// What stands before a line's end: white space there would be lost on the way.
    private static func append(
        lastRun run: Range<Int>, of octets: Span<UInt8>, column: inout Int, to out: inout [UInt8]
    ) {
        guard !run.isEmpty else { return }
        let last = octets[run.upperBound - 1]
        guard last == 0x20 || last == 0x09 else {
            out.append(octets, run)
            return
        }
        out.append(octets, run.dropLast())
        column += run.count - 1
        append(encoded: last, column: &column, to: &out)
    }

    private static func append(encoded byte: UInt8, column: inout Int, to out: inout [UInt8]) {
        if column + 3 > lineLimit { breakSoftly(&column, of: &out) }
        out.append(0x3D)
        out.append(hex: byte)
        column += 3
    }

    private static func breakSoftly(_ column: inout Int, of out: inout [UInt8]) {
        out.append(0x3D)
        endLine(&column, of: &out)
    }

    private static func endLine(_ column: inout Int, of out: inout [UInt8]) {
        out.append(0x0D)
        out.append(0x0A)
        column = 0
    }
}
