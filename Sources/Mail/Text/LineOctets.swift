/// A line of a text, as its octets.
extension ArraySlice<UInt8> {
    /// Without the spaces and tabs at its start.
    var trimmedAtStart: ArraySlice<UInt8> { drop { $0 == 0x20 || $0 == 0x09 } }

    /// Without the spaces and tabs at its end.
    var trimmedAtEnd: ArraySlice<UInt8> {
        self[..<(lastIndex { $0 != 0x20 && $0 != 0x09 }.map { $0 + 1 } ?? startIndex)]
    }

    func starts(withOneOf starts: [[UInt8]]) -> Bool {
        starts.contains { self.starts(with: $0) }
    }
}

extension UInt8 {
    /// Of ASCII.
    var isDigit: Bool { (0x30...0x39).contains(self) }
}
