/// Takes a part of a mail piece by piece: octets of its own, and boilerplate.
protocol PartWriter {
    /// - Parameter piece: of the octets.
    mutating func append(_ octets: Span<UInt8>, _ piece: Range<Int>)

    /// Only where a line begins.
    mutating func append(_ boilerplate: Boilerplate)
}

/// A part as it is, with LF at line ends.
extension [UInt8]: PartWriter {
    mutating func append(_ boilerplate: Boilerplate) { self += boilerplate.text }
}
