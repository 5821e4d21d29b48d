import Testing
import TestSupport

/// The relay as clients that are not ours see it.
@Suite struct RelayClientTests {
    @Test func `curl delivers, logged in`() throws {
        var configuration = RelayConfiguration()
        configuration.credentials = .init(user: "alice", password: "s3cret")
        configuration.requiresAuthentication = true
        let relay = try ScriptedRelay(configuration)
        let text = "Message-ID: <1@x.test>\r\nSubject: dots\r\n\r\n.\r\n..two\r\nend\r\n"
        try ChildProcess.tool(
            "curl",
            [
                "-sS", "--url", relay.url, "--user", "alice:s3cret", "--mail-from", "a@x.test",
                "--mail-rcpt", "b@y.test", "-T", "-",
            ], package: "curl", input: text)
        let mail = try #require(relay.mails.first)
        #expect(mail.text == text)
        #expect(mail.user == "alice")
        #expect(mail.messageID == "<1@x.test>")
        #expect(relay.breaches == [])
    }

    @Test func `curl sees what the script says`() throws {
        let relay = try ScriptedRelay(rules: [.refuse(recipient: "b@y.test")])
        let curl = try ChildProcess.run(
            try Executable.find("curl", package: "curl"),
            [
                "-sS", "--url", relay.url, "--mail-from", "a@x.test", "--mail-rcpt", "b@y.test",
                "-T", "-",
            ], input: "x\r\n")
        #expect(curl.exit == .code(55))
        #expect(curl.errors.contains("550"))
        #expect(relay.mails.isEmpty)
    }

    @Test func `smtp-source's many mails arrive, each once`() throws {
        let relay = try ScriptedRelay()
        let start = ContinuousClock.now
        try ChildProcess.tool(
            "smtp-source",
            [
                "-d", "-s", "4", "-m", "10000", "-N", "-l", "4000", "-f", "a@x.test", "-t",
                "b@y.test", "127.0.0.1:\(relay.port)",
            ], package: "postfix")
        let time = ContinuousClock.now - start
        #expect(relay.waitForMails(10_000))
        #expect(relay.record.mailCount == 10_000)
        #expect(relay.record.connections.count == 4)
        #expect(relay.mails.allSatisfy { $0.isReplied && $0.data.count >= 4_000 })
        // 2 s would be 5,000 a second; other tests run at the same time.
        #expect(time < .seconds(20))
    }
}
