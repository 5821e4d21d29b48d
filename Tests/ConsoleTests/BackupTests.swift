import Delivery
import Foundation
import SQLite
import Service
import Store
import TestSupport
import Testing

@testable import Console

/// "a consistent copy beside running daemons".
struct BackupTests {
    private func faults(_ path: String) throws -> String? {
        try Connection(path: path, mode: .readWrite).integrityFault { true }
    }

    private func names(_ outbox: Outbox) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: outbox.directory.path).sorted()
    }

    @Test func `the copy has what was committed, opens, and is sound`() throws {
        let outbox = try Outbox()
        for _ in 1...50 { try outbox.add() }
        try outbox.ingest()
        #expect(chmod(outbox.path, 0o640) == 0)
        let copy = outbox.directory.file("copy.db")
        // Somebody writes: what is not committed is not in it, and nobody waits.
        let result = try outbox.connection.transaction {
            try outbox.add()
            return try outbox.run("backup", copy)
        }
        #expect(result.exit == .code(0), "\(result.errors)")
        #expect(result.output.hasPrefix("\(copy): ") && result.output.contains(" kB, checked\n"))
        #expect(try faults(copy) == nil)
        let list = try OutboxdBinary.run(
            ["list", "--json"], environment: ["OUTBOXD_DATABASE": copy])
        #expect(list.output.ranges(of: "\"id\":").count == 50)
        let mode = try FileManager.default.attributesOfItem(atPath: copy)[.posixPermissions]
        #expect(mode as? Int == 0o640)
        #expect(try names(outbox).filter { $0.hasPrefix("copy") && $0.hasSuffix("tmp") }.isEmpty)
    }

    @Test func `what exists is left alone, whatever it is`() throws {
        let outbox = try Outbox()
        let file = try outbox.directory.write("mine", to: "mine.db")
        let link = outbox.directory.file("link.db")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "nowhere")
        for target in [file, link, outbox.path, outbox.directory.path] {
            let result = try outbox.run("backup", target)
            #expect(result.exit == .code(74) && result.isOneComplaint, "\(result.errors)")
            #expect(result.errors.contains("exists already and is left alone"))
        }
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
        let missing = try outbox.run("backup", "/nowhere/x.db")
        #expect(missing.exit == .code(74) && missing.isOneComplaint)
        #expect(try outbox.run("backup").exit == .code(64))
        let none = try OutboxdBinary.run(
            ["backup", outbox.directory.file("x")], environment: ["OUTBOXD_DATABASE": "/nowhere/o"])
        #expect(none.exit == .code(74) && none.errors.contains("there is no database"))
    }

    /// SQLite would take it for what a writer has left that died, and let nobody write.
    @Test(arguments: ["-journal", "-wal", "-shm", "-outboxd-9", "-outboxd-epoch"])
    func `no copy gets the name of a part of the database`(_ end: String) throws {
        let outbox = try Outbox()
        func others() throws -> [String] {
            try names(outbox).filter { !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }
        }
        let before = try others()
        let result = try outbox.run("backup", outbox.path + end)
        #expect(result.exit == .code(64) && result.errors.contains("a part of a database"))
        #expect(try others() == before)
        #expect(try outbox.run("backup", outbox.path + "-2026-11-30").exit == .code(0))
    }

    @Test func `what came to stand there meanwhile is left alone`() throws {
        let outbox = try Outbox()
        let target = outbox.directory.file("copy.db")
        let copy = try TemporaryCopy(for: target)
        _ = try outbox.directory.write("mine", to: "copy.db")
        #expect(throws: Failure.self) { try copy.finish(like: outbox.path) }
        copy.remove()
        #expect(try String(contentsOfFile: target, encoding: .utf8) == "mine")
        #expect(try names(outbox).filter { $0.hasPrefix("copy.db") } == ["copy.db"])
    }

    /// While it copies, and while it checks.
    @Test(arguments: [false, true])
    func `interrupted, it leaves nothing`(whileChecking: Bool) throws {
        let outbox = try Outbox()
        try outbox.connection.execute(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
            INSERT INTO outbox (helpdesk_id, conversation_id, message_id, recipient_email, body_text)
            SELECT 'h', 'c', 'm' || i, 'ann@example.test', 'text' FROM n
            """)
        let before = try names(outbox)
        var questionsAtEnd = 0
        var isAtEnd = false
        let backup = Backup(
            database: outbox.path, target: outbox.directory.file("copy.db"),
            shouldStop: {
                questionsAtEnd += isAtEnd ? 1 : 0
                return whileChecking ? questionsAtEnd > 1 : true
            }, progress: { isAtEnd = $0 == 100 })
        let failure = try #require(throws: Failure.self) { try backup.run() }
        #expect(failure.code == .tempFail && isAtEnd == whileChecking)
        #expect(failure.lines[0].contains("interrupted"))
        #expect(try names(outbox) == before)
    }

    @Test func `given up when the log grows too much meanwhile`() throws {
        let outbox = try Outbox()
        for _ in 1...500 { try outbox.add() }
        let before = try names(outbox)
        let server = try Connection(path: outbox.path, mode: .readWrite)
        var backup = Backup(
            database: outbox.path, target: outbox.directory.file("copy.db"), shouldStop: { false },
            progress: { _ in
                do {
                    try server.execute("UPDATE outbox SET instant = 1 - instant")
                } catch {
                    Issue.record("\(error)")
                }
            })
        backup.mostLog = 8_192
        let failure = try #require(throws: Failure.self) { try backup.run() }
        #expect(
            failure.code == .tempFail && failure.lines[0].contains("more than 8.1 kB was written"))
        #expect(try names(outbox) == before)
    }

    @Test func `a damaged database has no copy`() throws {
        let outbox = try Outbox()
        for _ in 1...200 { try outbox.add() }
        _ = try outbox.connection.checkpoint(.truncate, patience: .seconds(1))
        let file = try #require(FileHandle(forUpdatingAtPath: outbox.path))
        // The last page is a table's or an index's.
        let end = try file.seekToEnd()
        try file.seek(toOffset: end - 4_096)
        try file.write(contentsOf: Data(repeating: 0x5A, count: 4_096))
        let copy = outbox.directory.file("copy.db")
        let result = try outbox.run("backup", copy)
        #expect(result.exit == .code(74) && result.errors.contains("the database is damaged"))
        #expect(try names(outbox).filter { $0.hasPrefix("copy") }.isEmpty)
    }

    @Test func `writers neither wait for it nor make it begin anew`() throws {
        let outbox = try Outbox()
        for _ in 1...500 { try outbox.add() }
        let target = outbox.directory.file("copy.db")
        _ = try outbox.directory.write("", to: "copy.db")
        let destination = try Connection(path: target, mode: .readWrite)
        let source = try Database.openAsIs(path: outbox.path)
        let server = try Connection(path: outbox.path, mode: .readWrite)
        var steps = 0
        try source.copy(to: destination, pagesAtOnce: 4) { copied, all in
            steps += 1
            try #require(steps < 1_000)
            #expect(copied <= all && copied == min(all, 4 * steps))
            // A commit between two steps.
            try server.withPatience(.zero) {
                try server.execute("UPDATE outbox SET instant = \(steps)")
            }
        }
        #expect(steps > 10)
        #expect(try destination.integrityFault { true } == nil)
        let values = try destination.statement("SELECT DISTINCT instant FROM outbox").all {
            $0.int(0)
        }
        #expect(values == [0])
    }

    @Test(arguments: [
        (0, "0 bytes"), (999, "999 bytes"), (1_000, "1.0 kB"), (3_456, "3.4 kB"),
        (120_900_000, "120 MB"),
        (1 << 30, "1.0 GB"),
    ])
    func `sizes for people`(count: Int64, text: String) {
        #expect(Octets.text(count) == text)
    }
}
