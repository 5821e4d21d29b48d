import Service
import TestSupport
import Testing

@testable import Console

struct HelpTests {
    private static let names = Program.commands.map(\.declaration.name)

    @Test(arguments: Self.names)
    func `Each command explains itself`(name: String) throws {
        let result = try OutboxdBinary.run(name.split(separator: " ").map(String.init) + ["--help"])
        #expect(result.exit == .code(0) && result.errors.isEmpty)
        #expect(result.output.hasPrefix("outboxd \(name): "))
        #expect(result.output.contains("Usage: outboxd \(name) "))
        let spec = try #require(Program.commands.first { $0.declaration.name == name }).declaration
        #expect(!spec.summary.isEmpty && !spec.summary.hasSuffix("."))
        for option in spec.options { #expect(result.output.contains("--\(option.name)")) }
        for line in result.output.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
    }

    @Test func `All commands are in the program's help`() throws {
        let help = try OutboxdBinary.run(["--help"]).output
        for name in Self.names { #expect(help.contains("\n  \(name) ")) }
    }

    @Test(arguments: [[], ["stauts"], ["status", "--jsno"], ["status", "now"], ["pause", "h1"]])
    func `A wrong command line is 64, in one line`(arguments: [String]) throws {
        let result = try OutboxdBinary.run(arguments)
        #expect(result.exit == .code(64) && result.isOneComplaint)
    }

    @Test(arguments: ["drain", "pause", "check"])
    func `A bad setting is 78`(command: String) throws {
        let result = try OutboxdBinary.run([command], environment: ["OUTBOXD_HOLD": "soon"])
        #expect(result.exit == .code(78))
        #expect((result.errors + result.output).contains("OUTBOXD_HOLD"))
    }

    @Test(arguments: ["status", "list", "health"])
    func `What only looks works whatever the settings say that it does not need`(
        command: String
    ) throws {
        let outbox = try Outbox()
        let result = try outbox.run(
            command, environment: ["OUTBOXD_HOLD": "soon", "OUTBOXD_SMTP_URL": "foo"])
        #expect(result.exit == .code(0) && result.errors.isEmpty, "\(result)")
    }

    @Test func `Each command's help has an example`() throws {
        for command in Program.commands {
            let spec = command.declaration
            #expect(spec.discussion.contains("xample"), "\(spec.name)")
        }
    }
}
