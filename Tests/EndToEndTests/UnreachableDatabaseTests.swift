import Foundation
import TestSupport
import Testing

/// "A directory that can't be read is not 'there is no database'; paths are printed absolute".
@Suite(.enabled(if: AnotherUser.isPossible))
struct UnreachableDatabaseTests {
    private static let commands = ["status", "list", "drain", "pause", "migrate"]

    private static func run(
        _ user: AnotherUser, _ command: String, on database: String
    ) throws -> String {
        let result = try user.command(command, "--database", database)
        #expect(result.exit == .code(74), "\(command): \(result)")
        #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
        return result.errors
    }

    private static func change(_ path: String, mode: Int) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    @Test(arguments: commands)
    func `a directory that must not be entered is named`(command: String) throws {
        let user = try AnotherUser(relay: ScriptedRelay(listening: false))
        defer { user.outboxd.end() }
        let directory = user.outboxd.directory.path
        let locked = try user.outboxd.directory.makeDirectory("locked")
        try Self.change(locked, mode: 0o700)
        let errors = try Self.run(user, command, on: "locked/in/outbox.db")
        #expect(
            errors.contains(
                "the database \(directory)/locked/in/outbox.db can't be reached: this user may not "
                    + "enter \(directory)/locked;"), "\(errors)")
    }

    @Test(arguments: commands)
    func `a file that must not be read is not missing either`(command: String) throws {
        let user = try AnotherUser(relay: ScriptedRelay(listening: false))
        defer { user.outboxd.end() }
        let path = user.outboxd.database
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600, .ownerAccountID: 0], ofItemAtPath: path)
        let errors = try Self.run(user, command, on: String(path.split(separator: "/").last ?? ""))
        #expect(
            errors.contains("the database \(path) can't be reached: this user may not read it;"),
            "\(errors)")
    }

    @Test func `a directory that must not be written in is named`() throws {
        let user = try AnotherUser(relay: ScriptedRelay(listening: false))
        defer { user.outboxd.end() }
        let directory = try user.outboxd.directory.makeDirectory("mine")
        try Self.change(directory, mode: 0o755)
        let errors = try Self.run(user, "migrate", on: "./mine/new.db")
        #expect(
            errors.contains(
                "\(directory)/new.db can't be reached: this user may not write in \(directory);"),
            "\(errors)")
    }

    @Test func `a path that was given relative is shown absolute`() throws {
        let outboxd = try Outboxd(migrated: false)
        defer { outboxd.end() }
        let result = try outboxd.command("status", "--database", "none.db")
        #expect(result.errors.contains("no database at \(outboxd.directory.path)/none.db;"))
        let config = try outboxd.command("status", "--config", "none.env")
        #expect(config.exit == .code(78))
        #expect(config.errors.contains("settings file \(outboxd.directory.path)/none.env: can't"))
        try outboxd.directory.write("OUTBOXD_HOLD=5s\n", to: "x.env")
        let check = try outboxd.command("check", "--config", "./x.env")
        #expect(check.output.contains("from the environment and \(outboxd.directory.path)/x.env\n"))
        for option in ["--smtp-password-file", "--smtp-ca-file"] {
            let file = try outboxd.command("drain", option, "none")
            #expect(file.exit == .code(78))
            #expect(
                file.errors.contains(
                    "can't be read: No such file or directory (\(outboxd.directory.path)/none)"),
                "\(file.errors)")
        }
    }

    /// A file in WAL mode is read through files beside it, which this user may not make.
    @Test func `what only looks works for a user who may only read`() throws {
        let user = try AnotherUser(relay: ScriptedRelay(listening: false))
        defer { user.outboxd.end() }
        try user.outboxd.insert(Row())
        let directory = user.outboxd.directory.path
        try Self.change(user.outboxd.database, mode: 0o444)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o555, .ownerAccountID: 0], ofItemAtPath: directory)
        #expect(!FileManager.default.fileExists(atPath: user.outboxd.database + "-wal"))
        for result in [
            try user.command("status"), try user.command("list"), try user.command("show", "1"),
            try user.command("suppress", "list"),
        ] {
            #expect(result.exit == .code(0) && result.errors.isEmpty, "\(result)")
        }
        #expect(try user.command("list").output.contains("pending: hold"))
        #expect(try user.command("pause").exit == .code(74))
    }
}
