import CLinux
import Delivery
import Glibc
import SQLite
import Service
import Store
import TestSupport
import Testing

@testable import Engine

/// The file beside the database, whoever else has been at it.
struct EpochFileTests {
    private let bed: EngineBed
    private let path: String
    private let epoch = Epoch(lineage: -42, number: 7)

    init() throws {
        bed = try EngineBed()
        path = bed.directory.file("outbox.db-outboxd-epoch")
    }

    private func file() -> EpochFile { EpochFile(besideDatabase: bed.path) }

    private func put(_ octets: [UInt8]) {
        let file = OpenFile(adopting: open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600))
        #expect(Glibc.write(file.descriptor, octets, octets.count) == octets.count)
    }

    private func numbered(_ number: Int64) -> NotedEpoch {
        .epoch(Epoch(lineage: epoch.lineage, number: number))
    }

    @Test func `it is made, raised by several, and never lowered`() {
        let one = file()
        #expect(one.look() == .absent && one.latest == nil && !one.isInPlace)
        #expect(one.write(epoch) == nil)
        #expect(one.look() == .epoch(epoch) && one.latest == epoch && one.isInPlace)
        let other = file()
        #expect(other.write(Epoch(lineage: epoch.lineage, number: 3)) == nil)
        #expect(other.latest == epoch)
        other.raise(to: 9)
        one.raise(to: 8)
        #expect(one.latest?.number == 9 && file().look() == numbered(9))
    }

    @Test func `one that was not opened opens it to raise it`() {
        #expect(file().write(epoch) == nil)
        file().raise(to: 12)
        #expect(file().look() == numbered(12))
    }

    @Test func `several threads raise it to the greatest`() throws {
        #expect(file().write(epoch) == nil)
        let database = bed.path
        let threads = try (0..<4).map { start in
            try OSThread(name: "raise \(start)", stackSize: 1 << 20) {
                let file = EpochFile(besideDatabase: database)
                for number in stride(from: Int64(start), through: 4_000, by: 3) {
                    file.raise(to: number)
                }
            }
        }
        for thread in threads { thread.join() }
        #expect(file().look() == numbered(4_000))
    }

    @Test func `another database's is replaced by its own`() {
        #expect(file().write(Epoch(lineage: 5, number: 99)) == nil)
        let own = file()
        #expect(own.write(epoch) == nil)
        #expect(own.look() == .epoch(epoch) && own.latest == epoch)
    }

    @Test func `it gets the database's mode`() throws {
        #expect(chmod(bed.path, 0o640) == 0)
        #expect(file().write(epoch) == nil)
        var status = stat()
        #expect(lstat(path, &status) == 0 && status.st_mode & 0o777 == 0o640)
    }

    @Test func `it is found through a link to the database, and stands beside the file itself`()
        throws
    {
        let link = bed.directory.file("link.db")
        #expect(symlink(bed.path, link) == 0)
        #expect(EpochFile(besideDatabase: link).write(epoch) == nil)
        #expect(file().look() == .epoch(epoch))
        // Two databases in one directory have a file each.
        #expect(EpochFile(besideDatabase: bed.directory.file("other.db")).look() == .absent)
    }

    @Test func `what is damaged is told, and made anew when it is written`() {
        #expect(file().write(epoch) == nil)
        let whole = OpenFile(adopting: open(path, O_RDONLY | O_CLOEXEC)).head(64)
        var wild = whole
        wild[23] = 0xFF
        var tooGreat = whole
        tooGreat[23] = 0x41
        let damaged: [[UInt8]] = [
            [], Array(whole.prefix(63)), [UInt8](repeating: 0, count: 64),
            Array("notes of mine, which are longer than sixty-four octets, as it happens".utf8),
            [UInt8](repeating: 0xFF, count: 100_000), wild, tooGreat,
        ]
        for octets in damaged {
            put(octets)
            let file = file()
            #expect(file.look() == .damaged, "\(octets.prefix(70))")
            #expect(file.write(epoch) == nil)
            #expect(file.look() == .epoch(epoch) && file.isInPlace)
        }
        put(whole + [1, 2, 3])
        #expect(file().look() == .epoch(epoch), "what stands behind is a later edition's")
    }

    @Test func `what is no file of ours is neither read, nor waited for, nor touched`() throws {
        let elsewhere = bed.directory.file("elsewhere")
        #expect(file().write(epoch) == nil)
        #expect(rename(path, elsewhere) == 0)
        let makers: [(String) -> Bool] = [
            { mkdir($0, 0o700) == 0 }, { mkfifo($0, 0o600) == 0 },
            { symlink(elsewhere, $0) == 0 }, { symlink("/nowhere", $0) == 0 },
            { link(bed.path, $0) == 0 }, { link(bed.path + "-wal", $0) == 0 },
        ]
        let ids = try bed.insertMany(1)
        for make in makers {
            #expect(make(path))
            let file = file()
            guard case .outOfReach(let reason) = file.look() else {
                Issue.record("\(file.look())")
                continue
            }
            #expect(reason.hasPrefix(path) && file.write(epoch) == reason)
            #expect(file.writingProblem == reason && file.latest == nil)
            file.raise(to: 100)
            var status = stat()
            #expect(lstat(path, &status) == 0)
            #expect(unlink(path) == 0 || rmdir(path) == 0)
        }
        #expect(EpochBytes.decoded(OpenFile(adopting: open(elsewhere, O_RDONLY)).head(64)) == epoch)
        // The database is as it was, its locks too.
        try bed.server.execute("UPDATE outbox SET instant = 1")
        #expect(try bed.state(ids[0]) == "pending/queued")
    }

    @Test func `a file that is cut short, deleted or replaced under a process is noticed`() throws {
        let file = file()
        #expect(file.write(epoch) == nil)
        #expect(truncate(path, 0) == 0)
        #expect(!file.isInPlace)
        file.raise(to: 9)
        #expect(file.latest == nil, "what was read was never written")
        #expect(file.write(epoch) == nil)
        #expect(file.latest == epoch && file.isInPlace)
        unlink(path)
        #expect(!file.isInPlace && file.latest == epoch)
        #expect(file.write(Epoch(lineage: epoch.lineage, number: 8)) == nil)
        #expect(file.isInPlace && file.look() == numbered(8))
        let older = self.file()
        unlink(path)
        #expect(older.write(epoch) == nil)
        #expect(!file.isInPlace)
        #expect(file.write(Epoch(lineage: epoch.lineage, number: 8)) == nil)
        #expect(older.latest?.number == 8)
    }

    @Test func `who was killed while making it leaves nothing in the way`() {
        let new = OpenFile(adopting: open(path + ".new", O_WRONLY | O_CREAT | O_CLOEXEC, 0o400))
        #expect(new.descriptor >= 0)
        #expect(file().look() == .absent)
        #expect(file().write(epoch) == nil)
        #expect(file().look() == .epoch(epoch) && access(path + ".new", F_OK) != 0)
    }
}
