// A line has some twenty texts: read octet by octet through `String.UTF8View` they cost 10,000 instructions a mail.

extension String {
    /// Whether all octets of its UTF-8 are like this.
    @inline(__always)
    func allOctets(_ isLikeThis: (UInt8) -> Bool) -> Bool {
        var text = self
        return text.withUTF8 { octets in
            for octet in octets where !isLikeThis(octet) { return false }
            return true
        }
    }
}

extension [UInt8] {
    mutating func append(text: String) {
        var text = text
        text.withUTF8 { append(contentsOf: $0) }
    }
}
