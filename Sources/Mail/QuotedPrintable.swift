/// Quoted-printable (RFC 2045, section 6.7): only ASCII leaves, in lines of at most 76 characters
/// that end with CRLF and never with white space.
///
/// A text is written piece by piece.
struct QuotedPrintable {
    /// One less than 76: the `=` of a soft line break has its place.
    private static let lineLimit = 75

    private var bytes: [UInt8]
    /// Where the next octet goes; at 0 a line begins.
    private(set) var column = 0

    /// - Parameter bytes: What the text follows.
    init(behind bytes: consuming [UInt8] = []) { self.bytes = bytes }

    /// Appends a whole text, in which LF is a line break.
    static func append(_ text: [UInt8], to out: inout [UInt8]) {
        var writer = QuotedPrintable(behind: consume out)
        writer.append(text.span, 0..<text.count)
        out = writer.finish()
    }

    consuming func finish() -> [UInt8] { bytes }

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

    /// What stands before a line's end: white space there would be lost on the way.
    private mutating func append(lastRun run: Range<Int>, of octets: Span<UInt8>) {
        guard !run.isEmpty else { return }
        let last = octets[run.upperBound - 1]
        guard last == 0x20 || last == 0x09 else {
            bytes.append(octets, run)
            column += run.count
            return
        }
        bytes.append(octets, run.dropLast())
        column += run.count - 1
        append(encoded: last)
    }

    /// What stands at the start of a line is not always left alone on the way.
    @inline(__always)
    private static func isTouchedAtStart(
        _ octets: Span<UInt8>, _ index: Int, _ limit: Int
    ) -> Bool {
        let first = octets[index]
        guard first == 0x46 else { return first == 0x2E }
        return index + 4 < limit && octets[index + 1] == 0x72 && octets[index + 2] == 0x6F
            && octets[index + 3] == 0x6D && octets[index + 4] == 0x20
    }

    private mutating func append(encoded byte: UInt8) {
        if column + 3 > Self.lineLimit { breakSoftly() }
        bytes.append(0x3D)
        bytes.append(hex: byte)
        column += 3
    }

    private mutating func breakSoftly() {
        bytes.append(0x3D)
        endLine()
    }

    private mutating func endLine() {
        bytes.append(0x0D)
        bytes.append(0x0A)
        column = 0
    }
}

extension QuotedPrintable: PartWriter {
    /// Appends a piece, in which LF is a line break; where another one follows within the line, it doesn't end with
    /// white space.
    ///
    /// Copies whole runs of characters that stand for themselves. A dot that begins a line is encoded, which RFC 2045
    /// allows: then none has to be doubled on the wire (RFC 5321, section 4.5.2), and none can get lost on the way. So is
    /// the F of `From `, before which mailboxes of the mbox format put a `>`, and break a signature (RFC 2049, section 3).
    mutating func append(_ octets: Span<UInt8>, _ piece: Range<Int>) {
        let count = piece.upperBound
        var index = piece.lowerBound
        while index < count {
            if column == 0, Self.isTouchedAtStart(octets, index, count) {
                append(encoded: octets[index])
                index += 1
                continue
            }
            let limit = min(count, index + Self.lineLimit - column)
            let end = Self.endOfRun(octets, from: index, limit: limit)
            if end == count || octets[end] == 0x0A {
                append(lastRun: index..<end, of: octets)
                if end < count { endLine() }
                index = end + 1
                continue
            }
            bytes.append(octets, index..<end)
            column += end - index
            index = end
            if column == Self.lineLimit {
                breakSoftly()
            } else {
                append(encoded: octets[end])
                index += 1
            }
        }
    }

    /// Is encoded already.
    mutating func append(_ boilerplate: Boilerplate) {
        let encoded = boilerplate.encoded
        bytes.append(encoded.span, encoded.indices)
        column = boilerplate.column
    }
}
