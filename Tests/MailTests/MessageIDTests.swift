import Delivery
import Testing

@testable import Mail

@Suite struct MessageIDTests {
    @Test(
        arguments: zip(
            [
                "a@b", "<a@b>", " <a@b>\r\n", "CA+x=y_Z.1@mail.example", "JIRA:1@x",
                "a@[127.0.0.1]",
            ],
            ["a@b", "a@b", "a@b", "CA+x=y_Z.1@mail.example", "JIRA:1@x", "a@[127.0.0.1]"]))
    func `ids from outside are taken`(_ text: String, _ id: String) {
        #expect(MessageID(text)?.description == id)
    }

    @Test(arguments: [
        "", "<>", "a", "@", "a@", "@b", "<a@b", "a@b>", "<a@b> <c@d>", "<a@b>,<c@d>", "a b@c",
        "a\r\n@b",
        "<a@b>\r\nBcc: x@y", "a@b\0", "ä@b", "a@b\u{2028}c", "\"a\"@b", "a(b)@c", "a@b@c", "a@@b",
        "<<a@b>>",
        "a\\@b",
        String(repeating: "a", count: 249) + "@b",
    ])
    func `others are not`(_ text: String) {
        #expect(MessageID(text) == nil)
    }

    @Test func `new ids are ids`() throws {
        let id = MessageID.make(mailID: 7, nonce: 255, domain: "example.org")
        #expect(id.description == "7.ff@example.org")
        for domain in [
            "", "bücher.example", "a b", "x\r\ny", "a..b", String(repeating: "d", count: 191),
        ] {
            let id = MessageID.make(mailID: .min, nonce: .max, domain: domain)
            #expect(id.description == "-9223372036854775808.ffffffffffffffff@outboxd.invalid")
            #expect(MessageID(id.description) == id)
        }
    }

    @Test func `anchors tell conversations apart and stay the same`() {
        func anchor(_ helpdesk: String, _ conversation: String) -> String {
            let anchor = ConversationAnchor(
                helpdesk: helpdesk, conversation: conversation, domain: "example.org")
            return String(decoding: anchor.octets, as: UTF8.self)
        }
        #expect(anchor("acme", "c1") == anchor("acme", "c1"))
        #expect(
            Set([anchor("a", "bc"), anchor("ab", "c"), anchor("abc", ""), anchor("", "abc")]).count
                == 4)
        // Threads of years hang on this value.
        #expect(
            anchor("acme", "c-42")
                == "<conversation.F3CB37B480801191DDD877D6C232436B@example.org>")
    }

    /// The published vector of FNV-1a 128 for "a", before the separator.
    @Test func `the hash is FNV-1a`() {
        var hash = FNV1a128()
        hash.combine("")
        let basis: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d
        let prime: UInt128 = 0x0000_0000_0100_0000_0000_0000_0000_013b
        let expected = String((basis ^ 0xFF) &* prime, radix: 16, uppercase: true)
        let hex = hash.hex.indices.map { hash.hex[$0] }
        let digits = String(decoding: hex, as: UTF8.self)
        #expect(digits == String(repeating: "0", count: 32 - expected.count) + expected)
    }
}
