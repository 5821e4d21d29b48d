import Testing
import TestSupport

/// The relay without a script, as a raw client sees it.
@Suite struct RelayDialogueTests {
    /// Connects, reads the greeting and says EHLO.
    private func connection(to relay: ScriptedRelay) throws -> RawConnection {
        let client = try RawConnection(port: relay.port)
        _ = try client.readReply()
        _ = try client.ask("EHLO client.test")
        return client
    }

    @Test func `greets and says what it offers`() throws {
        let relay = try ScriptedRelay()
        let client = try RawConnection(port: relay.port)
        #expect(try client.readReply() == "220 relay.test ESMTP scripted")
        let lines = try client.ask("EHLO client.test").split(separator: "\n").map(String.init)
        #expect(lines.first == "250-relay.test")
        #expect(
            Set(lines.dropFirst().map { $0.dropFirst(4) }) == [
                "PIPELINING", "SIZE 67108864", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES",
            ])
        #expect(relay.record.connections.first?.greetedAs == "client.test")
    }

    @Test func `offers what it is configured to`() throws {
        var configuration = RelayConfiguration()
        configuration.extensions = [.startTLS]
        configuration.credentials = .init(user: "u", password: "p")
        configuration.furtherKeywords = ["DSN"]
        let relay = try ScriptedRelay(configuration)
        let client = try RawConnection(port: relay.port)
        _ = try client.readReply()
        let reply = try client.ask("EHLO client.test")
        #expect(reply == "250-relay.test\n250-STARTTLS\n250-AUTH PLAIN LOGIN\n250 DSN")
        #expect(try client.ask("STARTTLS") == "454 TLS not available")
        #expect(try client.ask("NOOP") == "250 Ok")
    }

    @Test func `takes a mail and records its facts`() throws {
        let relay = try ScriptedRelay()
        let client = try connection(to: relay)
        #expect(try client.ask("MAIL FROM:<a@x.test> SIZE=10 BODY=8BITMIME") == "250 2.1.0 Ok")
        #expect(try client.ask("RCPT TO:<b@y.test>") == "250 2.1.5 Ok")
        #expect(try client.ask("DATA").hasPrefix("354 "))
        let text = "Message-ID:  <1@x.test>\r\nSubject: one\r\n\ttwo\r\n\r\nbody\r\n"
        #expect(try client.ask(text + ".").hasPrefix("250 2.0.0"))
        #expect(try client.ask("QUIT").hasPrefix("221 "))
        #expect(try client.readToEnd().end == .closed)
        #expect(relay.waitUntilAllClosed())

        let mail = try #require(relay.mails.first)
        #expect(mail.sender == "a@x.test")
        #expect(mail.recipient == "b@y.test")
        #expect(mail.mailParameters == ["SIZE=10", "BODY=8BITMIME"])
        #expect(mail.text == text)
        #expect(mail.messageID == "<1@x.test>")
        #expect(mail.header("subject") == "one\ttwo")
        #expect(mail.headers.map(\.name) == ["Message-ID", "Subject"])
        #expect(mail.body == "body\r\n")
        #expect(mail.outcome == .accepted)
        #expect(mail.isReplied)
        #expect(mail.connection == 1)
        #expect(mail.message == 1)
        #expect(mail.faults == [])
        #expect(mail.mailAt.steady <= mail.dotAt.steady)
        #expect(mail.dotAt.steady <= TestClock.steady)
        #expect(mail.dotAt.wall <= TestClock.wall)
        #expect(
            relay.commands.map(\.verb) == [.ehlo, .mail, .rcpt, .data, .quit])
        #expect(relay.breaches == [])
    }

    @Test(arguments: [
        // What is said before, and what comes of the last line.
        (["MAIL FROM:<a@x.test>"], 503),
        (["EHLO c", "RCPT TO:<b@y.test>"], 503),
        (["EHLO c", "DATA"], 503),
        (["EHLO c", "MAIL FROM:<a@x.test>", "DATA"], 554),
        (["EHLO c", "MAIL FROM:<a@x.test>", "MAIL FROM:<a@x.test>"], 503),
        (["EHLO c", "MAIL FROM:<a@x.test>", "RSET", "RCPT TO:<b@y.test>"], 503),
        (["EHLO c", "MAIL FROM:<a@x.test>", "RSET", "MAIL FROM:<a@x.test>"], 250),
        (["EHLO c", "MAIL FROM:<a@x.test>", "EHLO c", "MAIL FROM:<a@x.test>"], 250),
        (["EHLO c", "MAIL FROM:<>"], 250),
        (["HELO c", "MAIL FROM:<a@x.test>"], 250),
        (["HELO c", "MAIL FROM:<a@x.test> SIZE=1"], 555),
        (["EHLO"], 501),
        (["EHLO c", "MAIL FROM: <a@x.test>"], 501),
        (["EHLO c", "MAIL FROM:a@x.test"], 501),
        (["EHLO c", "MAIL FROM:<\"a>b\"@x.test>"], 250),
        (["EHLO c", "MAIL FROM:<a@x.test>SIZE=1"], 501),
        (["EHLO c", "MAIL FROM:<a@x.test> SIZE=99999999"], 552),
        (["EHLO c", "MAIL FROM:<a@x.test> RET=HDRS"], 555),
        (["EHLO c", "MAIL FROM:<ä@x.test>"], 553),
        (["EHLO c", "MAIL FROM:<ä@x.test> SMTPUTF8"], 250),
        (["EHLO c", "MAIL FROM:<a@x.test>", "RCPT TO:<ä@y.test>"], 553),
        (["EHLO c", "MAIL FROM:<a@x.test>", "RCPT TO:<>"], 501),
        (["EHLO c", "MAIL FROM:<a@x.test>", "RCPT TO:<b@y.test> NOTIFY=NEVER"], 555),
        (["EHLO c", "STARTTLS"], 502),
        (["EHLO c", "AUTH PLAIN"], 502),
        (["NOOP"], 250),
        (["VRFY a"], 252),
        (["MAILFROM:<a@x.test>"], 500),
        ([""], 500),
    ])
    func `keeps commands in their order`(lines: [String], code: Int) throws {
        let relay = try ScriptedRelay()
        let client = try RawConnection(port: relay.port)
        var reply = try client.readReply()
        for line in lines { reply = try client.ask(line) }
        #expect(reply.hasPrefix("\(code) "))
    }

    @Test func `answers a pipelined group in order and at once`() throws {
        let relay = try ScriptedRelay(rules: [.refuse(recipient: "no@y.test")])
        let client = try connection(to: relay)
        try client.send(
            "MAIL FROM:<a@x.test>\r\nRCPT TO:<no@y.test>\r\nRCPT TO:<b@y.test>\r\nDATA\r\n")
        let codes = try (0..<4).map { _ in try client.readReply().prefix(9) }
        #expect(codes == ["250 2.1.0", "550 5.1.1", "250 2.1.5", "354 End w"])
        try client.send("Subject: x\r\n\r\n.\r\nMAIL FROM:<c@x.test>\r\nRSET\r\nQUIT\r\n")
        let rest = try (0..<4).map { _ in try client.readReply().prefix(3) }
        #expect(rest == ["250", "250", "250", "221"])
        #expect(relay.mails.map(\.recipients) == [["b@y.test"]])
        #expect(relay.breaches == [])
    }

    @Test(arguments: [
        ("..\r\n", ".\r\n"),
        ("..a\r\n..\r\n...\r\n", ".a\r\n.\r\n..\r\n"),
        ("a.\r\nb..\r\n", "a.\r\nb..\r\n"),
        (".\n\r\n", "\n\r\n"),
        ("a\n.\r\n", "a\n.\r\n"),
        ("a\n.\n", "a\n.\n"),
        ("", ""),
    ])
    func `unstuffs dots and ends at CRLF dot CRLF only`(sent: String, kept: String) throws {
        let relay = try ScriptedRelay()
        let client = try connection(to: relay)
        try client.send("MAIL FROM:<a@x.test>\r\nRCPT TO:<b@y.test>\r\nDATA\r\n")
        for _ in 0..<3 { _ = try client.readReply() }
        let end = sent.isEmpty || sent.hasSuffix("\r\n") ? ".\r\n" : "\r\n.\r\n"
        // Octet by octet: the parts of a terminator may come one by one.
        for octet in Array((sent + end).utf8) { try client.send([octet]) }
        #expect(try client.readReply().hasPrefix("250 "))
        let mail = try #require(relay.mails.first)
        #expect(mail.text == (end == ".\r\n" ? kept : kept + "\r\n"))
    }

    @Test func `keeps no message above its limit, and reads it to its end`() throws {
        var configuration = RelayConfiguration()
        configuration.sizeLimit = 100_000
        let relay = try ScriptedRelay(configuration)
        let client = try connection(to: relay)
        let line = String(repeating: "x", count: 98) + "\r\n"
        let whole = String(repeating: line, count: 1_000)
        for (message, code) in [(whole, "250 2.0.0"), ("x" + whole, "552 5.3.4")] {
            try client.send("MAIL FROM:<a@x.test>\r\nRCPT TO:<b@y.test>\r\nDATA\r\n")
            for _ in 0..<3 { _ = try client.readReply() }
            try client.send(message + ".\r\n")
            #expect(try client.readReply().hasPrefix(code))
        }
        #expect(relay.record.transfers.map(\.outcome) == [.accepted, .refused(552)])
        #expect(relay.record.transfers.map(\.data.count) == [100_000, 0])
    }

    @Test(
        arguments: [
            ("AUTH PLAIN AHUAcGFzcw==", nil, nil, "235"),
            ("AUTH PLAIN", "AHUAcGFzcw==", nil, "235"),
            ("AUTH PLAIN AHUAd3Jvbmc=", nil, nil, "535"),
            ("AUTH PLAIN", "*", nil, "501"),
            ("AUTH PLAIN ???", nil, nil, "501"),
            ("AUTH LOGIN", "dQ==", "cGFzcw==", "235"),
            ("AUTH LOGIN dQ==", "cGFzcw==", nil, "235"),
            ("AUTH LOGIN", "dQ==", "d3Jvbmc=", "535"),
            ("AUTH CRAM-MD5", nil, nil, "504"),
        ] as [(String, String?, String?, String)])
    func `logs in`(first: String, second: String?, third: String?, code: String) throws {
        var configuration = RelayConfiguration()
        configuration.credentials = .init(user: "u", password: "pass")
        configuration.requiresAuthentication = true
        let relay = try ScriptedRelay(configuration)
        let client = try connection(to: relay)
        #expect(try client.ask("MAIL FROM:<a@x.test>").hasPrefix("530 5.7.0"))
        var reply = try client.ask(first)
        for line in [second, third].compactMap({ $0 }) {
            #expect(reply.hasPrefix("334"))
            reply = try client.ask(line)
        }
        #expect(reply.hasPrefix(code))
        let isIn = try client.ask("MAIL FROM:<a@x.test>").hasPrefix("250")
        #expect(isIn == (code == "235"))
    }

    @Test func `works over IPv6`() throws {
        let relay = try ScriptedRelay(family: .ipv6)
        let client = try RawConnection(port: relay.port, family: .ipv6)
        #expect(try client.readReply().hasPrefix("220 "))
        #expect(relay.url == "smtp://[::1]:\(relay.port)")
    }
}
