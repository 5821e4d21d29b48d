/// W3C Trace Context's `traceparent`: the request that wrote a reply, so that its mail is found in the same
/// trace. https://www.w3.org/TR/trace-context/#traceparent-header
///
/// Example: `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01`.
package struct TraceParent: Hashable, Sendable {
    package let text: String

    /// Returns nil if the text is no `traceparent`: another program wrote it, and it would go into the log.
    ///
    /// Of a later version than 00 no more is kept than what version 00 has.
    package init?(_ text: String) {
        let octets = Array(text.utf8.prefix(56))
        guard octets.count >= 55, Self.hasShape(octets.prefix(55)) else { return nil }
        let version = octets[0..<2]
        guard version != [0x66, 0x66], octets[3..<35].contains(where: { $0 != 0x30 }),
            octets[36..<52].contains(where: { $0 != 0x30 })
        else { return nil }
        if octets.count > 55 {
            guard version != [0x30, 0x30], octets[55] == 0x2D else { return nil }
        }
        self.text = String(decoding: octets.prefix(55), as: UTF8.self)
    }

    /// Lower-case hexadecimal digits, and hyphens where they belong.
    private static func hasShape(_ octets: ArraySlice<UInt8>) -> Bool {
        octets.enumerated().allSatisfy { index, octet in
            switch index {
            case 2, 35, 52: octet == 0x2D
            default: (0x30...0x39).contains(octet) || (0x61...0x66).contains(octet)
            }
        }
    }
}
