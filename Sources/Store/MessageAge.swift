/// A number that messages written about the same time share, or nearly so, as far as their ids tell.
///
/// Only a place in an index hangs on it: where ids are random, it is random too.
///
/// | ids | change it |
/// |---|---|
/// | counted: `123456`, `message-123456` | with each message, or each ten or hundred of many digits |
/// | UUID of version 7, ULID, an object id of MongoDB's | each minute, or each second |
/// | UUID of version 4 | at random |
enum MessageAge {
    static let bits = 24
    private static let characters = 8

    /// Four bits of each of the first eight letters and digits, from the first digit on; the last six
    /// of them count.
    static func of(_ messageID: String) -> UInt32 {
        var age: UInt32 = 0
        var count = 0
        for octet in messageID.utf8 {
            let isDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet)
            let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(octet | 0x20)
            guard isDigit || isLetter && count > 0 else { continue }
            // Letters go on where digits end: their order hardly matters.
            age = age << 4 | UInt32(octet & 15)
            count += 1
            if count == characters { break }
        }
        return age & (1 << bits - 1)
    }
}
