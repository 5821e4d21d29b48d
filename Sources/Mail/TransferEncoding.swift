internal import FoundationEssentials

/// How a part goes over the wire (RFC 2045, section 6): in ASCII whatever it holds.
enum TransferEncoding: String {
    /// Readable as it is, where most of it is ASCII.
    case quotedPrintable = "quoted-printable"
    /// Shorter where more than a sixth of it is not: quoted-printable makes three octets of each.
    case base64

    /// - Parameter asciiOctets: of the same part, besides.
    init(_ part: PartSize, besides asciiOctets: Int = 0) {
        self = 6 * part.beyondASCII > part.total + asciiOctets ? .base64 : .quotedPrintable
    }

    /// - Parameter text: With LF at line ends.
    static func append(base64 text: [UInt8], to out: inout [UInt8]) {
        // The canonical form of text has CRLF (RFC 2045, section 6.8).
        var canonical: [UInt8] = []
        canonical.reserveCapacity(text.count + text.count / 32)
        for octet in text {
            if octet == 0x0A { canonical.append(0x0D) }
            canonical.append(octet)
        }
        out += Data(canonical).base64EncodedData(options: [
            .lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed,
        ])
    }
}
