/// Tells whether the row that has an id now is the one that had it when it was ingested.
///
/// Where ids may be used again (a row deleted, another inserted), one customer's text would go to
/// another customer. Helpdesk, conversation, audience and recipient are compared with the mail's own;
/// of the message id a hash is kept, since the text would double the size of each row.
package enum RowIdentity {
    /// FNV-1a, 64 bits. http://www.isthe.com/chongo/tech/comp/fnv/
    package static func hash(_ messageID: String) -> Int64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in messageID.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return Int64(bitPattern: hash)
    }
}
