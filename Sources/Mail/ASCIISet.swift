/// A set of ASCII characters as two machine words: a test costs a shift, whatever the set.
struct ASCIISet: Sendable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    init(_ characters: String) {
        for byte in characters.utf8 { insert(byte) }
    }

    /// Bytes from 128 on belong to no set.
    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        let word = byte & 0x40 == 0 ? low : high
        return byte < 0x80 && (word >> UInt64(byte & 0x3F)) & 1 == 1
    }

    func union(_ characters: String) -> ASCIISet {
        var copy = self
        for byte in characters.utf8 { copy.insert(byte) }
        return copy
    }

    private mutating func insert(_ byte: UInt8) {
        guard byte < 0x80 else { return }
        let bit = UInt64(1) << UInt64(byte & 0x3F)
        if byte & 0x40 == 0 { low |= bit } else { high |= bit }
    }
}

extension ASCIISet {
    static let lettersAndDigits = ASCIISet(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    /// What an atom is made of (RFC 5322, section 3.2.3).
    static let atext = lettersAndDigits.union("!#$%&'*+-/=?^_`{|}~")
    /// What a label of a host name is made of.
    static let hostLabel = lettersAndDigits.union("-")
    /// What a URL never needs to encode (RFC 3986, section 2.3).
}
