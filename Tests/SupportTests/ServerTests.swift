import Testing
import TestSupport

/// The servers that are not ours.
@Suite struct ServerTests {
    private let mail = "Message-ID: <1@x.test>\r\nSubject: real\r\n\r\nbody\r\n"

    private func curl(_ url: String, _ options: [String]) throws -> ChildProcess.Result {
        let envelope = ["--mail-from", "a@x.test", "--mail-rcpt", "b@example.test", "-T", "-"]
        return try ChildProcess.run(
            try Executable.find("curl", package: "curl"),
            ["-sS", "--url", url] + options + envelope, input: mail)
    }

    @Test func `smtp-sink takes mails and counts them`() throws {
        let sink = try SMTPSink()
        #expect(sink.messages == 0)
        #expect(try curl(sink.url, []).exit == .code(0))
        #expect(sink.waitForMessages(1))
        try ChildProcess.tool(
            "smtp-source", ["-m", "300", "127.0.0.1:\(sink.port)"], package: "postfix")
        #expect(sink.waitForMessages(301))
        #expect(sink.messages == 301)
        sink.stop()
        #expect(throws: SystemCallError.self) { try RawConnection(port: sink.port) }
    }

    @Test func `smtp-sink does as its options say`() throws {
        let sink = try SMTPSink(["-f", "rcpt"])
        #expect(try curl(sink.url, []).exit == .code(55))
        #expect(throws: ChildProcess.Failure.self) { try SMTPSink(["-j"]) }
    }

    @Test func `Postfix takes mails over TLS, logged in, on both ports`() throws {
        let postfix = try PostfixServer()
        let login = ["--user", "\(PostfixServer.user):\(PostfixServer.password)"]
        let trust = ["--cacert", postfix.authorityFile]
        let starting = "smtp://localhost:\(postfix.port)"
        let implicit = "smtps://localhost:\(postfix.implicitTLSPort)"
        for url in [starting, implicit] {
            let sent = try curl(url, ["--ssl-reqd"] + trust + login)
            #expect(sent.exit == .code(0), "\(sent.errors)\(postfix.log)")
        }
        #expect(postfix.waitForMails(2))
        for delivered in try postfix.deliveredMails() {
            #expect(delivered.header("Message-ID") == "<1@x.test>")
            #expect(delivered.header("Return-Path") == "<a@x.test>")
            #expect(delivered.header("Delivered-To") == "b@example.test")
            #expect(delivered.body == "body\r\n")
        }

        let wrong = ["--user", "alice:wrong"]
        #expect(try curl(starting, ["--ssl-reqd"] + trust + wrong).exit == .code(67))
        #expect(try curl(starting, ["--ssl-reqd"] + login).exit == .code(60))
        #expect(try curl(starting, []).exit == .code(55))
        #expect(postfix.log.contains("authentication failed"))

        postfix.stop()
        #expect(throws: SystemCallError.self) { try RawConnection(port: postfix.port) }
    }
}
