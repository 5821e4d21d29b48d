import Foundation
import Glibc
import TestSupport
import Testing

/// "secrets absent from `ps`, logs, core files and error texts".
struct SecretsTests {
    private static let password = "s3cret-of-the-relay"
    private static let text = "confidential-words-of-a-customer"
    /// As they go over the wire: AUTH PLAIN (RFC 4616), and the answers of AUTH LOGIN.
    private static let secrets = [
        password, Data("\0alice\0\(password)".utf8).base64EncodedString(),
        Data(password.utf8).base64EncodedString(),
    ]

    private static func outboxd(_ mechanisms: [String]) throws -> Outboxd {
        var configuration = RelayConfiguration()
        configuration.credentials = .init(user: "alice", password: password)
        configuration.requiresAuthentication = true
        configuration.mechanisms = mechanisms
        let relay = try ScriptedRelay(configuration)
        let directory = try TemporaryDirectory()
        let file = try directory.write(password + "\n", to: "relay-password")
        return try Outboxd(
            [
                "OUTBOXD_SMTP_URL": "smtp://alice@127.0.0.1:\(relay.port)",
                "OUTBOXD_SMTP_PASSWORD_FILE": file, "OUTBOXD_LOG_LEVEL": "debug",
            ], relay: relay, directory: directory)
    }

    /// Everything that commands print.
    private static func printed(_ outboxd: Outboxd, row: Int64) throws -> String {
        let commands = [
            ["status"], ["status", "--json"], ["health"], ["list", "--all"], ["show", "\(row)"],
            ["check"],
            ["send-test", "--to", "bob@example.test"], ["drain", "--dry-run"],
        ]
        return try commands.map { command in
            let result = try outboxd.run(command)
            return result.output + result.errors
        }.joined()
    }

    /// Of the files that outboxd keeps beside the database, and of the database.
    private static func files(_ outboxd: Outboxd) throws -> [(name: String, octets: Data)] {
        let all = FileManager.default.enumerator(atPath: outboxd.directory.path)?.allObjects ?? []
        return all.compactMap { $0 as? String }.filter {
            !["relay-password", "client-secret"].contains($0)
        }.compactMap {
            name in
            FileManager.default.contents(atPath: outboxd.directory.file(name)).map { (name, $0) }
        }
    }

    @Test(arguments: [["PLAIN"], ["LOGIN"]])
    func `no secret and no text stands in logs, errors, files or the process list`(
        _ mechanisms: [String]
    ) throws {
        let outboxd = try Self.outboxd(mechanisms)
        defer { outboxd.end() }
        // Relays that repeat what they were told, whenever they speak.
        let repeated = Self.secrets.joined(separator: " ")
        outboxd.relay.add { event in
            event.verb == .rcpt && event.line.contains("later@")
                ? .reply(450, "4.2.0 later \(repeated)") : nil
        }
        outboxd.relay.add(.on(.dot, .reply(250, "2.0.0 kept \(repeated)")))
        let daemon = try outboxd.run()
        let commandLine = try String(
            contentsOfFile: "/proc/\(daemon.processID)/cmdline", encoding: .utf8)
        let id = try outboxd.insert(
            Row(to: "later@example.test", body: Self.text, instant: true))[0]
        _ = try outboxd.status(id, after: "pending", "deferred")
        let accepted = try outboxd.insert(Row(body: Self.text, instant: true))[0]
        #expect(try outboxd.status(accepted, after: "sent").state == "sent")
        let printed = try Self.printed(outboxd, row: id)
        daemon.terminate()
        _ = daemon.waitForExit()
        // A relay that repeats what it was told.
        outboxd.relay.add { event in
            event.verb == .auth
                ? .reply(535, "5.7.8 no: \(event.line) \(Self.secrets.joined(separator: " "))")
                : nil
        }
        let refused = try outboxd.run()
        #expect(refused.waitForOutput("the relay is in trouble"))
        let printedThen = try Self.printed(outboxd, row: id)
        #expect(daemon.errors.contains("deferred") && printedThen.contains("535"))
        let places = [
            ("log", daemon.errors), ("log of the refused", refused.errors), ("ps", commandLine),
            ("commands", printed), ("commands of the refused", printedThen),
        ]
        for secret in Self.secrets {
            for (place, text) in places { #expect(!text.contains(secret), "\(place): \(secret)") }
            for file in try Self.files(outboxd) {
                #expect(file.octets.range(of: Data(secret.utf8)) == nil, "\(file.name): \(secret)")
            }
        }
        #expect(!daemon.errors.contains(Self.text) && !refused.errors.contains(Self.text))
    }

    /// The relay repeats the token in its reply to the dot; the token server repeats the client's secret where it
    /// refuses it.
    @Test func `no token and no client secret stands there either`() throws {
        let (token, secret) = ("t0ken-of-an-hour", "cl1ent-s3cret-of-a-year")
        let response = "user=alice\u{1}auth=Bearer \(token)\u{1}\u{1}"
        let secrets =
            [token, secret] + [response, secret].map { Data($0.utf8).base64EncodedString() }
        let endpoint = try TokenEndpoint { number in
            number == 1
                ? .token(token)
                : .json(
                    "{\"error\":\"invalid_client\",\"error_description\":\"no \(secret)\"}",
                    status: "401 Unauthorized")
        }
        defer { endpoint.stop() }
        var configuration = RelayConfiguration()
        configuration.credentials = .init(user: "alice", password: "not used")
        configuration.tokens = [token]
        configuration.mechanisms = ["XOAUTH2"]
        configuration.requiresAuthentication = true
        let relay = try ScriptedRelay(configuration)
        relay.add(.on(.dot, .reply(250, "2.0.0 kept \(secrets.joined(separator: " "))")))
        let directory = try TemporaryDirectory()
        let outboxd = try Outboxd(
            [
                "OUTBOXD_SMTP_URL": "smtp://alice@127.0.0.1:\(relay.port)",
                "OUTBOXD_SMTP_AUTH": "oauth", "OUTBOXD_OAUTH_TOKEN_URL": endpoint.url,
                "OUTBOXD_OAUTH_CLIENT_ID": "app",
                "OUTBOXD_OAUTH_CLIENT_SECRET_FILE": try directory.write(
                    secret, to: "client-secret"),
                "OUTBOXD_LOG_LEVEL": "debug",
            ], relay: relay, directory: directory)
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        let commandLine = try String(
            contentsOfFile: "/proc/\(daemon.processID)/cmdline", encoding: .utf8)
        let id = try outboxd.insert(Row(body: Self.text, instant: true))[0]
        #expect(try outboxd.status(id, after: "sent").state == "sent")
        // The next process asks for a token of its own, and gets none.
        let printed = try Self.printed(outboxd, row: id)
        daemon.terminate()
        _ = daemon.waitForExit()
        let refused = try outboxd.run()
        try outboxd.insert(Row(conversation: "c2", body: Self.text, instant: true))
        #expect(refused.waitForOutput("no token from"))
        let places = [
            ("log", daemon.errors), ("log of the refused", refused.errors), ("ps", commandLine),
            ("commands", printed), ("commands of the refused", try Self.printed(outboxd, row: id)),
        ]
        #expect(printed.contains("2.0.0 kept") && refused.errors.contains("invalid_client"))
        for secret in secrets {
            for (place, text) in places { #expect(!text.contains(secret), "\(place): \(secret)") }
            for file in try Self.files(outboxd) {
                #expect(file.octets.range(of: Data(secret.utf8)) == nil, "\(file.name): \(secret)")
            }
        }
    }

    @Test(arguments: [SIGABRT, SIGSEGV])
    func `a crash leaves no core`(_ signal: Int32) throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        // As far as the machine lets it; and a backtrace takes longer than the test.
        let shell = "ulimit -c $(ulimit -Hc); exec \"$0\" run"
        let daemon = try ChildProcess(
            "/bin/sh", ["-c", shell, outboxd.binary],
            environment: outboxd.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 },
            directory: outboxd.directory.path)
        #expect(daemon.waitForOutput("outboxd runs"))
        let limits = try String(contentsOfFile: "/proc/\(daemon.processID)/limits", encoding: .utf8)
        let core = limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") }
        let soft = core?.split(separator: " ").dropFirst(4).first.flatMap { Int($0) }
        // 1 means none even where cores are piped to a program (core(5)).
        #expect(soft.map { $0 <= 1 } == true, "\(core ?? "")")
        daemon.send(signal)
        _ = daemon.waitForExit()
        #expect(daemon.exit == .signal(signal) && !daemon.hasLeftCore)
    }
}
