import Delivery
import Testing

@testable import Mail

@Suite struct EmailAddressTests {
    @Test(arguments: [
        "jane@example.org", "Jane.Doe@Example.ORG", "a@b", "root@localhost", "a@127.0.0.1",
        "first+tag@sub.example.org", "!#$%&'*+-/=?^_`{|}~@example.org", "1@2.3",
        "\"jane doe\"@example.org", "\"a@b\"@example.org", "\"a\\\"b\\\\c\"@example.org",
        "\"\"@example.org", "\"<>,;:()[]\"@example.org", "\"..\"@example.org",
        "jörg@example.org", "用户@例え.jp", "\"jö rg\"@example.org", "jane@bücher.example",
        "jane@xn--bcher-kva.example", "jane@a--b.example", "jane@हिन्दी.example",
        "jane@col·legi.example", "o'brien@example.org",
        String(repeating: "a", count: 64) + "@example.org",
        "a@" + String(repeating: "b", count: 63) + ".example",
    ])
    func `is taken as it is`(_ text: String) throws {
        let address = try EmailAddress(text)
        #expect(address.description == text)
        #expect(address.localPart + "@" + address.domain == text)
    }

    @Test(
        arguments: zip(
            [
                "", " \t\r\n", "jane", "jane.example.org", "@example.org", "jane@",
                ".jane@example.org",
                "jane.@example.org", "ja..ne@example.org", "ja ne@example.org", "jane@exam ple.org",
                "jane@@example.org", "jane@a@example.org", "Jane <jane@example.org>",
                "<jane@example.org>",
                "\"Jane\" <jane@example.org>", "jane@example.org,joe@example.org",
                "jane@example.org;joe@example.org", "jane(comment)@example.org",
                "jane@example.org (comment)", "jane@[127.0.0.1]", "jane@[IPv6:::1]",
                "jane@.example.org",
                "jane@example..org", "jane@example.org.", "jane@-example.org", "jane@example-.org",
                "jane@exa_mple.org", "jane@exam\u{3002}ple.org", "jane@exam\u{FF0E}ple.org",
                "jane@exa\u{200B}mple.org", "jane@😀.example", "\"jane@example.org",
                "\"jane\"x@example.org",
                "\"ja\"ne\"@example.org", "\"jane\\\"@example.org", "\"jan\\é\"@example.org",
                "a\"b@example.org", "a\\b@example.org", "group:jane@example.org;",
                "jane@example.org>",
                "jane@example.org RCPT TO:<x@y>", "mailto:jane@example.org", "jane@example.org/..",
            ],
            [
                .empty, .empty, .noAt, .noAt, .localPartEmpty, .domainEmpty, .localPartDots,
                .localPartDots, .localPartDots, .localPartCharacter, .domainCharacter,
                .domainCharacter, .domainCharacter, .brackets, .brackets,
                .brackets, .domainCharacter,
                .domainCharacter, .localPartCharacter,
                .domainCharacter, .addressLiteral, .addressLiteral, .labelEmpty,
                .labelEmpty, .labelEmpty, .labelHyphen, .labelHyphen,
                .domainCharacter, .domainCharacter, .domainCharacter,
                .domainCharacter, .domainCharacter, .quotedString, .noAt,
                .noAt, .quotedString, .quotedString,
                .localPartCharacter, .localPartCharacter, .localPartCharacter, .domainCharacter,
                .domainCharacter, .localPartCharacter, .domainCharacter,
            ] as [InvalidAddress.Reason]))
    func `is refused, with the reason`(_ text: String, _ reason: InvalidAddress.Reason) {
        let error = #expect(throws: InvalidAddress.self) { try EmailAddress(text) }
        #expect(error?.reason == reason)
    }

    /// Every place of an address, each character that could end a line for anybody.
    @Test(arguments: [
        "\r", "\n", "\r\n", "\0", "\t", "\u{0B}", "\u{0C}", "\u{1B}", "\u{7F}", "\u{80}", "\u{85}",
        "\u{9F}", "\u{2028}", "\u{2029}",
    ])
    func `no control character is taken anywhere`(_ control: String) {
        for text in [
            "ja\(control)ne@example.org", "jane\(control)@example.org",
            "jane@\(control)example.org",
            "jane@exam\(control)ple.org", "\"ja\(control)ne\"@example.org",
            "\"ja\\\(control)ne\"@example.org", "jane@example.org\(control)RCPT TO:<x@y>",
            "jane@example.org>\(control)DATA", "ö\(control)@example.org",
        ] {
            let error = #expect(throws: InvalidAddress.self) { try EmailAddress(text) }
            #expect(error?.reason == .control)
        }
    }

    @Test(arguments: [
        " jane@example.org", "jane@example.org\r\n", "\tjane@example.org\u{A0}",
        "\u{2028}jane@example.org\u{85}",
    ])
    func `surrounding white space is trimmed`(_ text: String) throws {
        #expect(try EmailAddress(text).description == "jane@example.org")
    }

    @Test func `lengths are counted in octets`() throws {
        func reason(_ text: String) -> InvalidAddress.Reason? {
            do throws(InvalidAddress) { _ = try EmailAddress(text) } catch { return error.reason }
            return nil
        }
        let domain = Array(repeating: String(repeating: "d", count: 60), count: 4).joined(
            separator: ".")
        #expect(reason("0123456789@" + domain) == nil)  // 11 + 243 = 254
        #expect(reason("0123456789a@" + domain) == .tooLong)
        #expect(reason(String(repeating: "ö", count: 32) + "@x") == nil)
        #expect(reason(String(repeating: "ö", count: 32) + "a@x") == .localPartTooLong)
        #expect(reason("\"" + String(repeating: "a", count: 63) + "\"@x") == .localPartTooLong)
        #expect(reason("a@" + String(repeating: "b", count: 64)) == .labelTooLong)
        #expect(reason(String(repeating: "a", count: 5_000_000)) == .tooLong)
    }

    @Test func `knows what is ASCII`() throws {
        let plain = try EmailAddress("jane@example.org")
        #expect(plain.isASCII && plain.localPartIsASCII)
        let domain = try EmailAddress("jane@bücher.example")
        #expect(!domain.isASCII && domain.localPartIsASCII)
        let converted = try domain.withDomain("xn--bcher-kva.example")
        #expect(converted.isASCII && converted.description == "jane@xn--bcher-kva.example")
        let local = try EmailAddress("jörg@example.org")
        #expect(!local.isASCII && !local.localPartIsASCII)
        #expect(try EmailAddress("\"a@b\"@example.org").domain == "example.org")
    }

    @Test(
        arguments: zip(
            [
                "jane@example.org", " Jane@Example.ORG\n", "JÖRG@Example.org", "\u{A0}a@b\u{2003}",
                "", "  ",
            ],
            ["jane@example.org", "jane@example.org", "jörg@example.org", "a@b", "", ""]))
    func `is compared trimmed and in lower case`(_ text: String, _ normalized: String) {
        #expect(Array(AddressText.normalized(text).utf8) == Array(normalized.utf8))
    }

    @Test func `an error says why, in one bounded line`() throws {
        let text =
            "x\r\nBcc: victim@example.org\u{202E}\u{2028}" + String(repeating: "y", count: 9_000)
        let error = try #require(throws: InvalidAddress.self) { try EmailAddress(text) }
        #expect(error.text.count == 100)
        #expect(error.description.utf8.isFreeOfControls)
        #expect(error.description.hasPrefix("“x Bcc: victim@example.org yyy"))
        #expect(
            error.description.hasSuffix(
                "…” is not a valid email address: "
                    + "it contains a line break or another control character."))
    }
}
