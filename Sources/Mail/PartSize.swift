/// How long a part of a mail is, before it is encoded.
struct PartSize: Sendable {
    /// Octets.
    private(set) var total = 0
    /// Those of them that are not ASCII.
    private(set) var beyondASCII = 0

    init() {}

    init(of text: [UInt8]) { append(text.span, 0..<text.count) }
}

extension PartSize: PartWriter {
    mutating func append(_ octets: Span<UInt8>, _ piece: Range<Int>) {
        total += piece.count
        beyondASCII += octets.countBeyondASCII(in: piece)
    }

    mutating func append(_ boilerplate: Boilerplate) {
        total += boilerplate.size.total
        beyondASCII += boilerplate.size.beyondASCII
    }
}
