/// What an access token may look like (RFC 6750 section 2.1), whether it was read from a file or
/// answered by a token server.
///
/// The rule is wider than the RFC's, which allows fewer signs: any printable ASCII sign but a
/// space. A line end in a token would be an SMTP command of its own.
package enum BearerToken {
    /// In octets; tokens of the large providers have 2,000 to 4,000.
    package static let longest = 16_384

    package static func isValid(_ text: String) -> Bool {
        let octets = text.utf8
        return !octets.isEmpty && octets.count <= longest
            && octets.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
