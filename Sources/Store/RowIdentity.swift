internal import Delivery

/// Tells one notification from another by a number: the same reply to the same person.
///
/// It finds a second row for the same reply, whatever the spelling of its address, in an index of our
/// own: the one over the API server's texts would load each text that it passes, 200 MB of it if a row
/// holds them. And it tells whether the row that has an id now is the one that had it when it was
/// ingested: where ids may be used again (a row deleted, another inserted), one customer's text would
/// go to another customer.
package struct RowIdentity: Hashable, Sendable {
    /// ``FNV1a64`` over the three with a zero octet behind each, its highest 24 bits replaced by the
    /// message's ``MessageAge``.
    ///
    /// New rows are neighbours in the index that way: with a hash alone each would change a page of its
    /// own, 4,100 for 5,000 rows beside a million others.
    package let number: Int64
    /// What rows have that were ingested by steps 5 to 8: the hash alone.
    package let former: Int64
    /// What rows have that were ingested before: a hash of the message id.
    private let messageID: String

    /// - Parameter recipient: trimmed and lower-cased.
    package init(helpdeskID: String, messageID: String, recipient: String) {
        var hash = FNV1a64()
        for text in [helpdeskID, messageID, recipient] {
            hash.combine(text)
            hash.combine(0)
        }
        former = Int64(bitPattern: hash.value)
        let age = UInt64(MessageAge.of(messageID)) << (64 - MessageAge.bits)
        number = Int64(bitPattern: age | hash.value & (.max >> MessageAge.bits))
        self.messageID = messageID
    }

    /// Whether a row that has this number was ingested for the same notification.
    package func isOf(_ stored: Int64) -> Bool {
        stored == number || stored == former || stored == Self.hash(messageID)
    }

    private static func hash(_ messageID: String) -> Int64 {
        var hash = FNV1a64()
        hash.combine(messageID)
        return Int64(bitPattern: hash.value)
    }
}
