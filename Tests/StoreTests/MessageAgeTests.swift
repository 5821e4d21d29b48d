import Testing

@testable import Store

struct MessageAgeTests {
    @Test(arguments: [
        // The last six of the first eight letters and digits, from the first digit on.
        ("", 0), ("reply", 0), ("7", 0x7), ("message-1234", 0x1234), ("msg_12345678", 0x34_5678),
        ("123456789", 0x34_5678), ("01890a5d-ac96-774b", 0x89_0154), ("01HZX3", 0x1_8A83),
        ("m-20-261-128-9", 0x26_1128), ("ü7ä8", 0x78),
    ])
    func `an age is made of the first letters and digits`(id: String, age: UInt32) {
        #expect(MessageAge.of(id) == age)
    }

    @Test func `it stands above the hash`() {
        let identity = RowIdentity(
            helpdeskID: "h", messageID: "msg_12345678", recipient: "ann@example.test")
        #expect(identity.number >> 40 == 0x34_5678)
        #expect(identity.number & (1 << 40 - 1) == identity.former & (1 << 40 - 1))
        #expect(identity.isOf(identity.number) && identity.isOf(identity.former))
        #expect(!identity.isOf(identity.number ^ 1) && !identity.isOf(identity.former ^ 1))
    }

    @Test(arguments: [
        ("h2", "m7", "ann@example.test"), ("h", "m7", "ben@example.test"),
        ("h", "m8", "ann@example.test"), ("hm", "7", "ann@example.test"),
    ])
    func `another notification has another number`(
        helpdesk: String, message: String, recipient: String
    ) {
        let one = RowIdentity(helpdeskID: "h", messageID: "m7", recipient: "ann@example.test")
        let other = RowIdentity(helpdeskID: helpdesk, messageID: message, recipient: recipient)
        #expect(!one.isOf(other.number) && !one.isOf(other.former))
    }
}
