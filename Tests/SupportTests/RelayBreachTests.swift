import Testing
import TestSupport

/// What clients must not do is noted.
@Suite struct RelayBreachTests {
    @Test(
        arguments: [
            (
                RelayConfiguration.Extension.allCases, "EHLO c", "MAIL FROM:<a@x.test>\r\nRSET\r\n",
                nil
            ),
            ([], "EHLO c", "MAIL FROM:<a@x.test>\r\nRSET\r\n", "sent ahead of the reply to mail"),
            (
                RelayConfiguration.Extension.allCases, "HELO c", "MAIL FROM:<a@x.test>\r\nRSET\r\n",
                "sent ahead of the reply to mail"
            ),
            (
                RelayConfiguration.Extension.allCases, "EHLO c", "NOOP\r\nRSET\r\n",
                "sent ahead of the reply to noop"
            ),
            (RelayConfiguration.Extension.allCases, "EHLO c", "RSET\nRSET\r\n", "a bare LF"),
        ] as [([RelayConfiguration.Extension], String, String, String?)])
    func `sending ahead is noted`(
        extensions: [RelayConfiguration.Extension], greeting: String, group: String,
        breach: String?
    ) throws {
        var configuration = RelayConfiguration()
        configuration.extensions = Set(extensions)
        let relay = try ScriptedRelay(configuration)
        let client = try RawConnection(port: relay.port)
        _ = try client.readReply()
        _ = try client.ask(greeting)
        try client.send(group)
        for _ in 0..<2 { _ = try client.readReply() }
        #expect(relay.breaches == (breach.map { ["1: \($0)"] } ?? []))
    }

    @Test(
        arguments: [
            ("a\r\n", [], []),
            ("a\nb\r\n", [], ["a bare LF"]),
            ("a\rb\r\n", [], ["a bare CR"]),
            ("a\0b\r\n", [], ["a NUL"]),
            ("ä\r\n", [], ["8-bit octets that were not announced"]),
            ("ä\r\n", ["BODY=8BITMIME"], []),
            (String(repeating: "x", count: 998) + "\r\n", [], []),
            (
                String(repeating: "x", count: 999) + "\r\n", [],
                ["a line of more than 998 octets"]
            ),
        ] as [(String, [String], [String])])
    func `faults of a message are told`(
        text: String, parameters: [String], faults: [String]
    ) throws {
        let relay = try ScriptedRelay()
        let client = try RawConnection(port: relay.port)
        _ = try client.readReply()
        _ = try client.ask("EHLO c")
        let from = (["MAIL FROM:<a@x.test>"] + parameters).joined(separator: " ")
        try client.send("\(from)\r\nRCPT TO:<b@y.test>\r\nDATA\r\n")
        for _ in 0..<3 { _ = try client.readReply() }
        #expect(try client.ask(text + ".").hasPrefix("250"))
        #expect(relay.mails.first?.faults == faults)
    }
}
