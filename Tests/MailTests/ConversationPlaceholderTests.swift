import Testing

@testable import Mail

@Suite struct ConversationPlaceholderTests {
    @Test(
        arguments: [
            ("https://x.test/c/{conversation}", "c-42", "https://x.test/c/c-42"),
            ("https://x.test/", "c-42", "https://x.test/"),
            (
                "https://x.test/{conversation}?c={conversation}", "a/b?c#d",
                "https://x.test/a%2Fb%3Fc%23d?c=a%2Fb%3Fc%23d"
            ),
            ("https://x.test/{conversation}", "ä %\r\n", "https://x.test/%C3%A4%20%25%0D%0A"),
            (
                "https://x.test/{conversation}", "{conversation}",
                "https://x.test/%7Bconversation%7D"
            ),
            ("javascript:{conversation}", "1", nil), ("", "1", nil),
        ] as [(String, String, String?)])
    func `links`(_ template: String, _ conversation: String, _ link: String?) {
        let url = ConversationPlaceholder.url(template, conversation: conversation)
        #expect(url?.description == link)
    }

    @Test(
        arguments: [
            ("reply+{conversation}@x.test", "c-42", "reply+c-42@x.test"),
            ("support@x.test", "c-42", "support@x.test"),
            ("support@x.test", "a\r\nb@c", "support@x.test"),
            ("reply+{conversation}@x.test", "a@evil.test", nil), ("{conversation}@x.test", "", nil),
            ("{conversation}@x.test", "a b", nil), ("{conversation}@x.test", "a\r\nRCPT", nil),
            ("{conversation}", "a@evil.test", nil), ("r+{conversation}@x.test", "a..b", nil),
            ("r+{conversation}@x.test", "ä", nil), ("r+{conversation}@x.test", "\"", nil),
            ("r+{conversation}@x.test", String(repeating: "a", count: 63), nil),
            ("Joe <a@b>", "c", nil),
        ] as [(String, String, String?)])
    func `addresses`(_ template: String, _ conversation: String, _ address: String?) {
        let filled = ConversationPlaceholder.address(template, conversation: conversation)
        #expect(filled?.description == address)
    }

    /// As Characters they would stand behind another one: `}` with an acute accent is no `}`.
    @Test func `a combining mark behind it does not hide it`() {
        let url = ConversationPlaceholder.url(
            "https://x.test/{conversation}\u{301}", conversation: "c")
        #expect(url?.description == "https://x.test/c%CC%81")
    }

    @Test(
        arguments: [
            ("{conversation}", "[c]"), ("a{conversation}{conversation}z", "a[c][c]z"),
            ("{conversation{conversation}}", "{conversation[c]}"),
            ("{Conversation}", "{Conversation}"),
            ("{conversation", "{conversation"), ("", ""), ("ä{conversation}ö", "ä[c]ö"),
        ])
    func `each place is filled`(_ template: String, _ filled: String) {
        #expect(ConversationTemplate(template).filled(with: "[c]") == filled)
    }
}
