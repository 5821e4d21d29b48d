import Foundation
import Glibc
import TestSupport
import Testing

extension RestoreTests {
    /// An old copy is released without the file beside it, as on a new machine; then a newer one is found.
    @Test func `what replaces a database that was released without its file is held`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let first = try outboxd.run()
        try send("before", by: outboxd)
        let old = try backup(outboxd)
        try outboxd.command("pause", "--helpdesk", "h1")
        let last = try outboxd.insert(
            Row(to: "last@example.test", conversation: "last", instant: true))
        #expect(try outboxd.status(last[0], after: "pending", "paused").reason == "paused")
        let newer = try backup(outboxd)
        try outboxd.command("resume", "--helpdesk", "h1")
        #expect(try outboxd.status(last[0], after: "sent").summary == "sent")
        stop(first)

        restore(old, outboxd)
        unlink(outboxd.directory.file(Self.epoch))
        let second = try outboxd.run()
        #expect(second.waitForOutput("reason=missing"))
        #expect(try outboxd.command("resume", "--restored").exit == .code(0))
        #expect(second.waitForOutput("mail goes on"))
        stop(second)

        restore(newer, outboxd)
        try outboxd.sql("DELETE FROM outboxd_pauses")
        let third = try outboxd.run()
        #expect(third.waitForOutput("reason=foreign"))
        #expect(try outboxd.status(last[0]).summary == "pending/restored")
        #expect(outboxd.relay.record.mailCount == 2)
    }

    /// The file says the same as the database: it is raised after the commit, and one that is behind says nothing.
    func isNumberBeside(_ outboxd: Outboxd) throws -> Bool {
        let number = try outboxd.values("SELECT number FROM outboxd_epoch").first
        let path = outboxd.directory.file(Self.epoch)
        return eventually {
            guard let octets = FileManager.default.contents(atPath: path), octets.count >= 24
            else { return false }
            let noted = octets.withUnsafeBytes {
                Int64(littleEndian: $0.loadUnaligned(fromByteOffset: 16, as: Int64.self))
            }
            return String(noted) == number
        }
    }

    /// What they remember of rows, mails and lines is of another state.
    @Test func `every daemon ends under which the database is restored in place`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let (first, copy) = try sendsOnAfterBackup(outboxd)
        #expect(try isNumberBeside(outboxd))
        let second = try outboxd.run()
        try restoreInPlace(copy, outboxd)
        for daemon in [first, second] {
            #expect(daemon.waitForExit() == .code(74))
            #expect(daemon.errors.contains("everything is held, and nothing is sent"))
        }
        let next = try outboxd.run()
        #expect(next.waitForOutput("everything is held, and nothing is sent"))
        #expect(try outboxd.command("resume", "--restored").exit == .code(0))
        #expect(next.waitForOutput("mail goes on"))
        try send("new", by: outboxd)
    }

    /// What is sent while nothing may be written there must be in it as soon as it can be.
    @Test func `the file is written as soon as nothing stands in its place any more`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let path = outboxd.directory.file(Self.epoch)
        let daemon = try outboxd.run()
        try send("before", by: outboxd)
        #expect(rename(path, path + ".kept") == 0 && mkdir(path, 0o700) == 0)
        #expect(daemon.waitForOutput("a restored backup would not be noticed"))
        try send("one", by: outboxd)
        let copy = try backup(outboxd)
        try send("two", by: outboxd)
        // The old one comes back, which knows of neither.
        #expect(rmdir(path) == 0 && rename(path + ".kept", path) == 0)
        #expect(try isNumberBeside(outboxd))
        stop(daemon)
        restore(copy, outboxd)
        let again = try outboxd.run()
        #expect(again.waitForOutput("reason=newer"))
    }
}
