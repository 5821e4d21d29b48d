/// Addresses as they are compared: trimmed and lower-cased (Unicode), as the Ticket Center tells its
/// users to do before they sign them (Contract.md).
package enum AddressText {
    package static func normalized(_ address: String) -> String {
        if address.utf8.allSatisfy(isPlain) { return address }
        var rest = Substring(address)
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest.lowercased()
    }

    /// Nearly every address is in this form already: printable ASCII, no upper case, no space.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && !(0x41...0x5A).contains(byte)
    }
}
