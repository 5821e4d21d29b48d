import Foundation
import Service
import TestSupport
import Testing

/// "Logins of today": tokens, from a file or fetched, and where they do not go.
struct OAuthTests {
    private static let secret = "cl1ent-s3cret"

    private static func relay(_ mechanism: String, tokens: Set<String>) throws -> ScriptedRelay {
        var configuration = RelayConfiguration()
        configuration.credentials = .init(user: "alice", password: "not used")
        configuration.tokens = tokens
        configuration.mechanisms = ["PLAIN", "LOGIN", mechanism]
        configuration.requiresAuthentication = true
        return try ScriptedRelay(configuration)
    }

    private static func client(
        _ endpoint: TokenEndpoint, _ directory: TemporaryDirectory
    ) throws -> [String: String] {
        [
            "OUTBOXD_SMTP_AUTH": "oauth", "OUTBOXD_OAUTH_TOKEN_URL": endpoint.url,
            "OUTBOXD_OAUTH_CLIENT_ID": "app",
            "OUTBOXD_OAUTH_CLIENT_SECRET_FILE": try directory.write(secret, to: "secret"),
        ]
    }

    @Test(arguments: ["XOAUTH2", "OAUTHBEARER"])
    func `the daemon fetches a token and logs in with it`(mechanism: String) throws {
        let endpoint = try TokenEndpoint(.token("t0ken"))
        defer { endpoint.stop() }
        let relay = try Self.relay(mechanism, tokens: ["t0ken"])
        let directory = try TemporaryDirectory()
        let outboxd = try Outboxd(
            try Self.client(endpoint, directory).merging([
                "OUTBOXD_SMTP_URL": "smtp://alice@127.0.0.1:\(relay.port)",
                "OUTBOXD_LOG_LEVEL": "debug",
            ]) { $1 }, relay: relay, directory: directory)
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        try outboxd.insert((0..<20).map { Row(conversation: "c\($0)", instant: true) })
        #expect(relay.waitForMails(20, timeout: .seconds(20)))
        #expect(try outboxd.wait(for: 20, "sent"))
        #expect(endpoint.requests.count == 1, "one token for all connections")
        let logins = relay.commands.filter { $0.verb == .auth }
        #expect(logins.allSatisfy { $0.line.hasPrefix("AUTH \(mechanism) ") })
        for shown in [daemon.errors, try outboxd.command("status").output] {
            #expect(!shown.contains("t0ken") && !shown.contains(Self.secret))
        }
    }

    @Test func `a token file is read for each connection`() throws {
        let relay = try Self.relay("XOAUTH2", tokens: ["second"])
        let directory = try TemporaryDirectory()
        let file = try directory.write("first\n", to: "token")
        let outboxd = try Outboxd(
            [
                "OUTBOXD_SMTP_URL": "smtp://alice@127.0.0.1:\(relay.port)",
                "OUTBOXD_SMTP_AUTH": "oauth", "OUTBOXD_SMTP_TOKEN_FILE": file,
            ], relay: relay, directory: directory)
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        try outboxd.insert([Row(conversation: "c", instant: true)])
        #expect(
            daemon.waitForOutput(
                "the relay says that the token is expired or wrong: status 401, schemes bearer"))
        #expect(relay.record.mailCount == 0)
        try directory.write("second\n", to: "token")
        try outboxd.command("probe")
        #expect(relay.waitForMails(1, timeout: .seconds(10)))
        #expect(!daemon.errors.contains("first"))
    }

    @Test func `what the token server says is told, and it is not asked in a loop`() throws {
        let endpoint = try TokenEndpoint(
            .json(
                #"{"error":"invalid_client","error_description":"AADSTS7000222: expired"}"#,
                status: "401 Unauthorized"))
        defer { endpoint.stop() }
        let relay = try Self.relay("XOAUTH2", tokens: [])
        let directory = try TemporaryDirectory()
        let outboxd = try Outboxd(
            try Self.client(endpoint, directory).merging([
                "OUTBOXD_SMTP_URL": "smtp://alice@127.0.0.1:\(relay.port)"
            ]) { $1 }, relay: relay, directory: directory)
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        try outboxd.insert((0..<20).map { Row(conversation: "c\($0)", instant: true) })
        #expect(
            daemon.waitForOutput("no token from 127.0.0.1: invalid_client: AADSTS7000222: expired"))
        // The next probe comes after 30 s.
        usleep(2_000_000)
        #expect(endpoint.requests.count == 1 && relay.record.connections.isEmpty)
        let check = try outboxd.command("check")
        #expect(check.exit == .code(69))
        for line in [
            "ok    relay        127.0.0.1[127.0.0.1]:\(relay.port) answers",
            "FAIL  credentials  auth: no token from 127.0.0.1: invalid_client: AADSTS7000222: expired (401)",
            "the client's secret has ended: make a new one in Entra", "skip  senders",
        ] {
            #expect(check.output.contains(line), "\(check.output)")
        }
        let test = try outboxd.command("send-test", "--to", "me@example.test")
        #expect(test.exit == .code(69) && test.errors.contains("make a new one in Entra"))
    }

    /// Tokens that end at once: each connection asks for one.
    @Test func `a token server that falls silent holds up neither open connections nor the end`()
        throws
    {
        let endpoint = try TokenEndpoint { number in
            number == 1 ? .token("t0ken", lifetime: 0) : .silence
        }
        defer { endpoint.stop() }
        let relay = try Self.relay("XOAUTH2", tokens: ["t0ken"])
        // Slow enough to need more than one.
        relay.add(.on(.dot, .delay(.milliseconds(50))))
        let directory = try TemporaryDirectory()
        let outboxd = try Outboxd(
            try Self.client(endpoint, directory).merging([
                "OUTBOXD_SMTP_URL": "smtp://alice@127.0.0.1:\(relay.port)"
            ]) { $1 }, relay: relay, directory: directory)
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        try outboxd.insert((0..<40).map { Row(conversation: "c\($0)", instant: true) })
        #expect(relay.waitForMails(40, timeout: .seconds(15)))
        #expect(endpoint.requests.count > 1 && relay.record.connections.count == 1)
        let start = ContinuousClock.now
        daemon.terminate()
        #expect(daemon.waitForExit() == .code(0))
        #expect(.now - start < .seconds(5))
    }

    @Test func `the token does not go to another relay`() throws {
        let endpoint = try TokenEndpoint(.token("t0ken"))
        defer { endpoint.stop() }
        let directory = try TemporaryDirectory()
        let outboxd = try Outboxd(
            try Self.client(endpoint, directory).merging([
                "OUTBOXD_SMTP_URL": "smtp://alice@127.0.0.1:1"
            ]) { $1 }, directory: directory)
        defer { outboxd.end() }
        var configuration = RelayConfiguration()
        configuration.credentials = .init(user: "alice", password: "x")
        configuration.mechanisms = ["XOAUTH2", "PLAIN"]
        let other = try ScriptedRelay(configuration)
        defer { other.stop() }
        try outboxd.insert([Row(conversation: "c", instant: true)])
        let drain = try outboxd.command("drain", "--smtp-url", other.url)
        #expect(drain.exit == .code(0), "\(drain.errors)")
        #expect(other.record.mailCount == 1 && endpoint.requests.isEmpty)
        #expect(!other.commands.contains { $0.verb == .auth })
    }

    @Test(arguments: ["xoauth2", "oauthbearer"])
    func `Dovecot's submission service takes tokens`(mechanism: String) throws {
        let endpoint = try TokenEndpoint { number, request in
            if request.hasPrefix("POST /token") { return .token("issued-\(number)") }
            let isGood = request.contains("token=issued-") || request.contains("token=from-file")
            return .json(
                isGood
                    ? #"{"active":true,"username":"alice","scope":"smtp"}"# : #"{"active":false}"#)
        }
        defer { endpoint.stop() }
        let relay = try ScriptedRelay()
        let dovecot = try DovecotServer(
            mechanisms: mechanism, introspection: "http://127.0.0.1:\(endpoint.port)/introspect",
            relayPort: Int(relay.port))
        defer { dovecot.stop() }
        let directory = try TemporaryDirectory()
        let common = [
            "OUTBOXD_SMTP_URL": "smtp://\(DovecotServer.user)@localhost:\(dovecot.port)",
            "OUTBOXD_SMTP_TLS": "required", "OUTBOXD_SMTP_CA_FILE": dovecot.authorityFile,
        ]
        let outboxd = try Outboxd(
            try Self.client(endpoint, directory).merging(common) { $1 }, relay: relay,
            directory: directory)
        defer { outboxd.end() }
        let check = try outboxd.command("check")
        #expect(check.exit == .code(0), "\(check.output)\(dovecot.log)")
        for line in [
            "info  credentials  a token was fetched from 127.0.0.1, good for 60 min",
            "ok    credentials  the relay accepts the token of alice; it offers \(mechanism.uppercased())",
        ] {
            #expect(check.output.contains(line), "\(check.output)")
        }
        let test = try outboxd.command("send-test", "--to", "ann@example.test")
        #expect(test.exit == .code(0), "\(test.output)\(test.errors)\(dovecot.log)")
        #expect(test.output.contains("> AUTH \(mechanism.uppercased()) ***"))
        #expect(!test.output.contains("issued-"))
        try outboxd.run()
        try outboxd.insert((0..<10).map { Row(conversation: "c\($0)", instant: true) })
        #expect(relay.waitForMails(11, timeout: .seconds(20)), "\(dovecot.log.suffix(2_000))")
        #expect(try outboxd.wait(for: 10, "sent"))
        let byFile = [
            "OUTBOXD_OAUTH_TOKEN_URL": "", "OUTBOXD_OAUTH_CLIENT_ID": "",
            "OUTBOXD_OAUTH_CLIENT_SECRET_FILE": "",
        ]
        for (token, code) in [("from-file", Int32(0)), ("revoked", 69)] {
            let file = try directory.write(token, to: token)
            let result = try outboxd.command(
                "check", settings: byFile.merging(["OUTBOXD_SMTP_TOKEN_FILE": file]) { $1 })
            #expect(result.exit == .code(code), "\(result.output)")
            guard code == 69 else { continue }
            let words =
                mechanism == "xoauth2"
                ? "334 the relay says that the token is expired or wrong: status 401, schemes bearer"
                : "535 5.7.8 Authentication failed. (status invalid_token"
            #expect(result.output.contains(words), "\(result.output)")
        }
    }
}

/// The page on logins.
extension OAuthTests {
    /// The indented blocks of OAuth.md that hold settings.
    private static func documentedSettings() throws -> [String] {
        var blocks: [String] = []
        var isWithin = false
        for line in try Repository.text(ofPage: "OAuth").components(separatedBy: "\n") {
            let text = line.trimmingCharacters(in: .whitespaces)
            let isSetting = line.hasPrefix("    ") && text.hasPrefix("OUTBOXD_")
            if isSetting, !isWithin { blocks.append("") }
            if isSetting { blocks[blocks.count - 1] += text + "\n" }
            isWithin = isSetting
        }
        return blocks
    }

    @Test func `the page's settings are good`() throws {
        let blocks = try Self.documentedSettings()
        #expect(blocks.count == 3)
        let directory = try TemporaryDirectory()
        for block in blocks {
            let file = try directory.write(block, to: "outboxd.env")
            // Without the files of secrets.
            let loaded = try Settings.load(
                environment: [:], file: file, context: Settings.Context(usesRelay: false))
            #expect(loaded.warnings.isEmpty)
            #expect(loaded.settings.relay.address.user == "support@acme.example")
        }
    }
}
