import Delivery
import Foundation
import TestSupport
import Testing

@testable import Service

/// `outboxd init`.
struct InitTests {
    @Test func `It writes a file that loads, and says the next step`() throws {
        let directory = try TemporaryDirectory()
        let result = try OutboxdBinary.run(["init"], directory: directory.path)
        #expect(result.exit == .code(0) && result.errors.isEmpty)
        let path = directory.file("outboxd.env")
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        let database = directory.file("outbox.db")
        #expect(
            try String(contentsOfFile: path, encoding: .utf8)
                == SettingsTemplate(given: [.database: database]).text)
        #expect(try Settings.load(environment: [:], file: path).settings.database == database)
        #expect(try Settings.load(environment: [:], file: path).warnings.isEmpty)
        for command in ["migrate", "check"] {
            #expect(result.output.contains("  outboxd \(command) --config \(path)\n"))
        }
        // And the step can be taken.
        let next = try OutboxdBinary.run(["migrate", "--config", path], directory: directory.path)
        #expect(next.exit == .code(0) && next.errors.isEmpty)
    }

    @Test func `What is given stands in it, checked`() throws {
        let directory = try TemporaryDirectory()
        let options = ["--smtp-url", "smtp://me@relay.example:587", "--from", "Acme <a@acme.test>"]
        let result = try OutboxdBinary.run(["init"] + options, directory: directory.path)
        #expect(result.exit == .code(0) && result.errors.isEmpty, "\(result.errors)")
        let password = try directory.write("secret\n", to: "smtp-password", mode: 0o600)
        #expect(result.output.contains("install -m 0600 /dev/stdin \(password) "))
        let settings = try Settings.load(
            environment: [:], file: directory.file("outboxd.env")
        ).settings
        #expect(settings.from == "Acme <a@acme.test>")
        #expect(settings.relay.password?.revealed == "secret")
        let bad = try OutboxdBinary.run(
            ["init", "bad.env", "--smtp-url", "smtp://a:b@c", "--from", "nobody"],
            directory: directory.path)
        #expect(bad.exit == .code(78) && bad.errors.split(separator: "\n").count == 2)
        #expect(!FileManager.default.fileExists(atPath: directory.file("bad.env")))
    }

    @Test func `What exists is never touched`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("mine.env")
        try Data("OUTBOXD_HOLD=5m\n".utf8).write(to: URL(filePath: path))
        try FileManager.default.createSymbolicLink(
            atPath: directory.file("link"), withDestinationPath: directory.file("elsewhere"))
        for name in ["mine.env", "./mine.env", path, "link", "."] {
            let result = try OutboxdBinary.run(["init", name], directory: directory.path)
            #expect(result.exit == .code(65) && result.isOneComplaint && result.output.isEmpty)
            #expect(result.errors.contains("outboxd: \(directory.path)"), "\(result.errors)")
            #expect(result.errors.contains("exists already"))
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "OUTBOXD_HOLD=5m\n")
        #expect(!FileManager.default.fileExists(atPath: directory.file("elsewhere")))
    }

    @Test func `Where it can't write it says so`() throws {
        let directory = try TemporaryDirectory()
        let result = try OutboxdBinary.run(["init", "no/where.env"], directory: directory.path)
        #expect(result.exit == .code(74) && result.isOneComplaint)
        #expect(
            result.errors.contains("\(directory.path)/no/where.env can't be written: No such file"))
        let empty = try OutboxdBinary.run(["init", ""], directory: directory.path)
        #expect(empty.exit == .code(64) && empty.isOneComplaint)
    }

    /// Such as can be copied into a shell.
    @Test func `A name with spaces is quoted in the next step`() throws {
        let directory = try TemporaryDirectory()
        let result = try OutboxdBinary.run(["init", "my 'own'.env"], directory: directory.path)
        let line = try #require(result.output.split(separator: "\n").last)
        let words = try ChildProcess.tool(
            "bash", ["-c", "printf '%s|' \(line)"], package: "bash")
        #expect(words == "outboxd|check|--config|\(directory.path)/my 'own'.env|")
    }
}
