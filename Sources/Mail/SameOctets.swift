extension String {
    /// Octet for octet: `==` takes an accent that is a scalar of its own for the same.
    func hasOctets(of other: String) -> Bool {
        let (octets, others) = (utf8.span, other.utf8.span)
        guard octets.count == others.count else { return false }
        for index in octets.indices where octets[index] != others[index] { return false }
        return true
    }
}

extension String? {
    /// Octet for octet, or neither is there.
    func hasOctets(of other: String?) -> Bool {
        guard let self, let other else { return self == nil && other == nil }
        return self.hasOctets(of: other)
    }
}
