import TestSupport
import Testing

/// "Against a real Postfix and against `smtp-sink`, not only the project's own server" (issue).
struct RealServerTests {
    private static let body = """
        A line.
        .
        .. two dots, and Ümläute, 日本語 and 🐦
        \(String(repeating: "long ", count: 400))end
        """

    @Test(arguments: [false, true])
    func `Postfix takes mail over TLS, with a login, and delivers it whole`(implicit: Bool) throws {
        let postfix = try PostfixServer()
        defer { postfix.stop() }
        let port = implicit ? postfix.implicitTLSPort : postfix.port
        let outboxd = try Outboxd([
            "OUTBOXD_SMTP_URL":
                "\(implicit ? "smtps" : "smtp")://\(PostfixServer.user)@localhost:\(port)",
            "OUTBOXD_SMTP_PASSWORD": PostfixServer.password,
            "OUTBOXD_SMTP_TLS": "required", "OUTBOXD_SMTP_CA_FILE": postfix.authorityFile,
        ])
        defer { outboxd.end() }
        try outboxd.run()
        let ids = try outboxd.insert(
            (0..<10).map { Row(conversation: "c\($0)", body: Self.body, instant: true) })
        #expect(postfix.waitForMails(10), "\(postfix.log.suffix(2_000))")
        #expect(try outboxd.wait(for: 10, "sent"))
        let texts = try postfix.deliveredMails().map { mail in
            try Python.run(Self.reader, input: mail.text)
        }
        #expect(texts.allSatisfy { $0.contains(Self.body) })
        let messageIDs = Set(try postfix.deliveredMails().compactMap { $0.header("Message-ID") })
        for id in ids {
            let messageID = try #require(try outboxd.status(id).emailMessageID)
            #expect(messageIDs.contains(messageID))
        }
    }

    @Test(arguments: [false, true])
    func `send-test and check say what Postfix says`(implicit: Bool) throws {
        let postfix = try PostfixServer()
        defer { postfix.stop() }
        func url(_ scheme: String, _ port: Int) -> String {
            "\(scheme)://\(PostfixServer.user)@localhost:\(port)"
        }
        let (port, other) =
            implicit
            ? (postfix.implicitTLSPort, postfix.port) : (postfix.port, postfix.implicitTLSPort)
        let scheme = implicit ? "smtps" : "smtp"
        let outboxd = try Outboxd([
            "OUTBOXD_SMTP_URL": url(scheme, Int(port)),
            "OUTBOXD_SMTP_PASSWORD": PostfixServer.password,
            "OUTBOXD_SMTP_TLS": "required", "OUTBOXD_SMTP_CA_FILE": postfix.authorityFile,
        ])
        defer { outboxd.end() }
        let test = try outboxd.command("send-test", "--to", "ann@example.test")
        #expect(test.exit == .code(0), "\(test.output)\(test.errors)")
        #expect(test.output.contains(" in its queue: 250 2.0.0 Ok: queued as "))
        #expect(!test.output.contains(PostfixServer.password))
        #expect(postfix.waitForMails(1))
        let check = try outboxd.command("check")
        #expect(check.exit == .code(0), "\(check.output)")
        for line in [
            "ok    TLS          TLSv1.", "(CN = localhost) ends in 1 day", "ok    credentials",
            "ok    senders      1 sender not refused yet",
        ] {
            #expect(check.output.contains(line), "\(check.output)")
        }
        let wrong = try outboxd.command(
            "check", settings: ["OUTBOXD_SMTP_URL": url(scheme, Int(other))])
        let right = url(implicit ? "smtp" : "smtps", Int(other))
        #expect(
            wrong.exit == .code(69) && wrong.output.contains("write \(right)"), "\(wrong.output)")
        #expect(try postfix.deliveredMails().count == 1)
    }

    /// The text part, read by somebody else.
    private static let reader = """
        import sys, email, email.policy
        data = sys.stdin.buffer.read()
        mail = email.message_from_bytes(data, policy=email.policy.default)
        assert not mail.defects, mail.defects
        sys.stdout.reconfigure(encoding="utf-8")
        print(mail.get_body(("plain",)).get_content().replace("\\r\\n", "\\n"))
        """

    @Test func `a certificate that is not trusted stops all mail`() throws {
        let postfix = try PostfixServer()
        defer { postfix.stop() }
        let outboxd = try Outboxd([
            "OUTBOXD_SMTP_URL": "smtp://\(PostfixServer.user)@localhost:\(postfix.port)",
            "OUTBOXD_SMTP_PASSWORD": PostfixServer.password, "OUTBOXD_SMTP_TLS": "required",
        ])
        defer { outboxd.end() }
        try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(try outboxd.status(id, after: "pending", "relay").attempts == 0)
        #expect(try postfix.deliveredMails().isEmpty)
    }

    @Test func `smtp-sink takes a backlog`() throws {
        let sink = try SMTPSink()
        defer { sink.stop() }
        let outboxd = try Outboxd(["OUTBOXD_SMTP_URL": sink.url])
        defer { outboxd.end() }
        try outboxd.insert((0..<500).map { Row(conversation: "c\($0)", instant: true) })
        #expect(try outboxd.command("drain").exit == .code(0))
        #expect(sink.waitForMessages(500))
        #expect(sink.messages == 500)
        #expect(try outboxd.counts() == ["sent": 500])
    }
}
