import Foundation
import Glibc
import TestSupport
import Testing

/// "One line at start that names the absolute path, the mode and the command that mends it; exit 78 or 74".
@Suite(.enabled(if: AnotherUser.isPossible))
struct DatabasePlaceTests {
    private static func refusal(
        of user: AnotherUser, on database: String
    ) throws -> String {
        let result = try user.command("run", "--database", database)
        #expect(result.exit == .code(78), "\(result)")
        #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
        return result.errors
    }

    private static func change(_ path: String, mode: Int, owner: Int? = nil) throws {
        var attributes: [FileAttributeKey: Any] = [.posixPermissions: mode]
        if let owner { attributes[.ownerAccountID] = owner }
        try FileManager.default.setAttributes(attributes, ofItemAtPath: path)
    }

    @Test func `a database of another user's`() throws {
        let user = try AnotherUser(relay: ScriptedRelay(listening: false))
        defer { user.outboxd.end() }
        let path = user.outboxd.database
        try Self.change(path, mode: 0o640, owner: 0)
        let errors = try Self.refusal(of: user, on: path)
        #expect(
            errors.contains(
                "the database \(path) can't be used: user nobody may not read and write \(path) "
                    + "(owner root:"), "\(errors)")
        #expect(
            errors.contains(", mode 0640); as root: `chown nobody:nogroup \(path)`"), "\(errors)")
        try Self.change(path, mode: 0o640, owner: 1)
        #expect(
            try Self.refusal(of: user, on: path)
                .contains("`chgrp nogroup \(path) && chmod g+rw \(path)`"))
    }

    @Test func `a directory that must not be written in or entered`() throws {
        let user = try AnotherUser(relay: ScriptedRelay(listening: false))
        defer { user.outboxd.end() }
        let directory = try user.outboxd.directory.makeDirectory("volume")
        try Self.change(directory, mode: 0o755)
        #expect(
            try Self.refusal(of: user, on: "volume/outbox.db").contains(
                "may not write in \(directory) (owner root:root, mode 0755); as root: "
                    + "`chown nobody:nogroup \(directory)`"))
        try Self.change(directory, mode: 0o700)
        #expect(
            try Self.refusal(of: user, on: "volume/outbox.db").contains(
                "may not enter \(directory) (owner root:root, mode 0700); as root: `chgrp nogroup "
                    + "\(directory) && chmod g+x \(directory)`"))
        #expect(
            try Self.refusal(of: user, on: "/outbox.db").contains(
                "may not write in / (owner root:root, mode 0755); as root: set OUTBOXD_DATABASE"))
        #expect(
            try Self.refusal(of: user, on: ".").contains("is a directory; set OUTBOXD_DATABASE"))
    }

    @Test(arguments: [0o000, 0o044, 0o060, 0o400])
    func `what the user has and may not use is opened by its own bits alone`(_ mode: Int) throws {
        let user = try AnotherUser(relay: ScriptedRelay(listening: false))
        defer { user.outboxd.end() }
        let path = user.outboxd.database
        let id = Int(AnotherUser.id)
        try Self.change(path, mode: mode, owner: id)
        #expect(try Self.refusal(of: user, on: path).contains("as root: `chmod u+rw \(path)`\n"))
        let directory = try user.outboxd.directory.makeDirectory("volume")
        try Self.change(directory, mode: mode, owner: id)
        #expect(
            try Self.refusal(of: user, on: "volume/outbox.db")
                .contains("as root: `chmod u+x \(directory)`\n"))
        try Self.change(directory, mode: 0o500, owner: id)
        #expect(
            try Self.refusal(of: user, on: "volume/outbox.db")
                .contains("as root: `chmod u+rwx \(directory)`\n"))
    }

    @Test func `check names an epoch that the database's user can't write`() throws {
        let user = try AnotherUser(relay: ScriptedRelay(listening: false))
        defer { user.outboxd.end() }
        let epoch = user.outboxd.database + "-outboxd-epoch"
        let daemon = try user.run()
        let id = try user.outboxd.insert(Row(instant: true))[0]
        _ = try user.outboxd.status(id, after: "pending", "relay")
        daemon.terminate()
        _ = daemon.waitForExit()
        let check = { try user.outboxd.command("check").output }
        #expect(try !check().contains(epoch))
        try Self.change(epoch, mode: 0o600, owner: 0)
        let words = "user \(AnotherUser.id), who owns the database, can't write \(epoch)"
        #expect(try check().contains(words))
    }

    @Test func `nobody is to join root's group`() throws {
        let user = try AnotherUser(relay: ScriptedRelay(listening: false))
        defer { user.outboxd.end() }
        let directory = try user.outboxd.directory.makeDirectory("volume")
        try Self.change(directory, mode: 0o770, owner: 1)
        #expect(
            try Self.refusal(of: user, on: "volume/outbox.db")
                .contains("as root: `chgrp nogroup \(directory) && chmod g+x \(directory)`\n"))
    }

    @Test(.enabled(if: MountNamespace.isPossible, "only root can mount"))
    func `a file system that is read-only`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let path = outboxd.directory.path
        let disk = try ReadOnlyDisk(path)
        defer { disk.unmount() }
        let result = try outboxd.command("run")
        #expect(result.exit == .code(78))
        #expect(result.errors.contains("mounted read-only for this process"), "\(result.errors)")
        #expect(result.errors.contains("ReadWritePaths=\(path)\n"), "\(result.errors)")
    }
}
