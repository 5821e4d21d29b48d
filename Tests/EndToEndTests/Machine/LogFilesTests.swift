import Foundation
import Glibc
import TestSupport
import Testing

/// SQLite's write-ahead log and its index, which nobody may delete while somebody has them open
/// (https://sqlite.org/howtocorrupt.html, section 4).
struct LogFilesTests {
    /// Its own log copied back would undo what others have written since.
    @Test(arguments: [["-shm"], ["-wal"], ["-wal", "-shm"]])
    func `a daemon whose log is deleted ends, and leaves the database as it stands`(
        _ ends: [String]
    ) throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        let first = try outboxd.insert(Row(conversation: "first", instant: true))[0]
        #expect(try outboxd.status(first, after: "sent").summary == "sent")
        let copy = outboxd.directory.file("copy.db")
        #expect(try outboxd.command("backup", copy).exit == .code(0))
        for end in ends { unlink(outboxd.database + end) }
        if ends.count == 2 {
            // As `cp` does: the file stays, its contents are others.
            let restored = try Data(contentsOf: URL(fileURLWithPath: copy))
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: outboxd.database))
            try file.truncate(atOffset: 0)
            try file.write(contentsOf: restored)
            try file.close()
        }
        let before = try Data(contentsOf: URL(fileURLWithPath: outboxd.database))
        #expect(daemon.waitForExit() == .code(74))
        #expect(daemon.errors.contains("was deleted or replaced while outboxd had it open"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: outboxd.database)) == before)
        #expect(
            FileManager.default.fileExists(atPath: outboxd.database + "-wal") == (ends == ["-shm"]))
    }
}
