/// Tells one notification from another by a number: the same reply to the same person.
///
/// It finds a second row for the same reply, whatever the spelling of its address, in an index of our
/// own: the one over the API server's texts would load each text that it passes, 200 MB of it if a row
/// holds them. And it tells whether the row that has an id now is the one that had it when it was
/// ingested: where ids may be used again (a row deleted, another inserted), one customer's text would
/// go to another customer.
package enum RowIdentity {
    /// FNV-1a, 64 bits, over the three with a zero octet behind each.
    /// http://www.isthe.com/chongo/tech/comp/fnv/
    ///
    /// - Parameter recipient: trimmed and lower-cased.
    package static func hash(helpdeskID: String, messageID: String, recipient: String) -> Int64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for text in [helpdeskID, messageID, recipient] {
            add(text.utf8, to: &hash)
            add(CollectionOfOne(0), to: &hash)
        }
        return Int64(bitPattern: hash)
    }

    /// What rows have that were ingested before step 5: the message id alone.
    package static func hash(_ messageID: String) -> Int64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        add(messageID.utf8, to: &hash)
        return Int64(bitPattern: hash)
    }

    private static func add(_ octets: some Sequence<UInt8>, to hash: inout UInt64) {
        for octet in octets { hash = (hash ^ UInt64(octet)) &* 0x0000_0100_0000_01B3 }
    }
}
