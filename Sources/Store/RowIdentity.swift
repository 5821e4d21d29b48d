internal import Delivery

/// Tells one notification from another by a number: the same reply to the same person.
///
/// It finds a second row for the same reply, whatever the spelling of its address, in an index of our
/// own: the one over the API server's texts would load each text that it passes, 200 MB of it if a row
/// holds them. And it tells whether the row that has an id now is the one that had it when it was
/// ingested: where ids may be used again (a row deleted, another inserted), one customer's text would
/// go to another customer.
package enum RowIdentity {
    /// ``FNV1a64`` over the three with a zero octet behind each.
    ///
    /// - Parameter recipient: trimmed and lower-cased.
    package static func hash(helpdeskID: String, messageID: String, recipient: String) -> Int64 {
        var hash = FNV1a64()
        for text in [helpdeskID, messageID, recipient] {
            hash.combine(text)
            hash.combine(0)
        }
        return Int64(bitPattern: hash.value)
    }

    /// What rows have that were ingested before step 5: the message id alone.
    package static func hash(_ messageID: String) -> Int64 {
        var hash = FNV1a64()
        hash.combine(messageID)
        return Int64(bitPattern: hash.value)
    }
}
