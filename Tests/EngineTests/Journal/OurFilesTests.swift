import CLinux
import Delivery
@testable import Engine
import Glibc
import Service
import Store
import TestSupport
import Testing

/// A file that could be taken for an in-flight journal, and what becomes of it when a daemon tidies up.
struct Lookalike: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var name = "outbox.db-outboxd-0000000000001f9c"
    var isOld = true
    var isDeleted = false
    /// Puts something under the path; the other path is the database's.
    let make: @Sendable (_ path: String, _ database: String) throws -> Void
}

private func write(_ octets: [UInt8], _ path: String) throws {
    let file = OpenFile(adopting: open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600))
    #expect(Glibc.write(file.descriptor, octets, octets.count) == octets.count)
}

/// The octets of an in-flight journal of a process that is gone.
private func journal() throws -> [UInt8] {
    let bed = try JournalBed()
    let name = try bed.create().name
    let file = OpenFile(adopting: open(bed.directory.file(name), O_RDONLY | O_CLOEXEC))
    return file.head(Int(try #require(file.status).st_size))
}

private let lookalikes: [Lookalike] = [
    Lookalike("an in-flight journal of a process that is gone", isDeleted: true) { path, _ in
        try write(journal(), path)
    },
    Lookalike("a copy of it under a name of the operator's", name: "outbox.db-outboxd-backup") {
        path, _ in try write(journal(), path)
    },
    Lookalike("half of an in-flight journal that nobody has registered") { path, _ in
        try write(Array(journal().prefix(100_000)), path)
    },
    Lookalike("a text file") { path, _ in try write(Array("notes of mine".utf8), path) },
    Lookalike("an old file of zeros", isDeleted: true) { path, _ in
        try write([UInt8](repeating: 0, count: 5_000), path)
    },
    Lookalike("an old and empty file", isDeleted: true) { path, _ in try write([], path) },
    Lookalike("a file of zeros that was made just now", isOld: false) { path, _ in
        try write([UInt8](repeating: 0, count: 5_000), path)
    },
    Lookalike("an empty file that was made just now", isOld: false) { path, _ in
        try write([], path)
    },
    Lookalike("a directory") { path, _ in #expect(mkdir(path, 0o700) == 0) },
    Lookalike("a FIFO, which blocks whoever opens it") { path, _ in
        #expect(mkfifo(path, 0o600) == 0)
    },
    Lookalike("a symbolic link to an in-flight journal") { path, _ in
        try write(journal(), path + ".elsewhere")
        #expect(symlink(path + ".elsewhere", path) == 0)
    },
    Lookalike("a symbolic link to nowhere") { path, _ in #expect(symlink("/nowhere", path) == 0) },
    Lookalike("a hard link to the database") { path, database in
        #expect(link(database, path) == 0)
    },
    Lookalike("a hard link to the log") { path, database in
        #expect(link(database + "-wal", path) == 0)
    },
]

extension Lookalike {
    init(
        _ description: String, name: String = "outbox.db-outboxd-0000000000001f9c",
        isOld: Bool = true,
        isDeleted: Bool = false, make: @escaping @Sendable (String, String) throws -> Void
    ) {
        testDescription = description
        self.name = name
        self.isOld = isOld
        self.isDeleted = isDeleted
        self.make = make
    }
}

@Test(arguments: lookalikes)
func `only files of ours are tidied away`(_ file: Lookalike) throws {
    let bed = try EngineBed()
    let store = try SQLiteStore(connection: Database.open(path: bed.path))
    let path = bed.directory.file(file.name)
    try file.make(path, bed.path)
    let recovery = Recovery(
        settings: bed.settings, bootID: "b", instance: 0,
        journals: JournalDirectory(database: bed.path))
    let now = TestClock.wall + (file.isOld ? .seconds(61) : .seconds(30))
    #expect(
        try recovery.removeOrphans(store, at: ClockReading(wall: now, steady: TestClock.steady))
            == [])
    var status = stat()
    #expect((lstat(path, &status) != 0) == file.isDeleted)
    // The database is as it was, its locks too.
    let ids = try bed.insertMany(1)
    #expect(try bed.state(ids[0]) == "pending/queued")
}

@Test(arguments: lookalikes.filter { !$0.isDeleted && $0.isOld })
func `a process whose file was replaced loses its mails with its lease, and not the file`(
    _ file: Lookalike
) throws {
    let bed = try EngineBed()
    let store = try SQLiteStore(connection: Database.open(path: bed.path))
    let path = bed.directory.file(file.name)
    try file.make(path, bed.path)
    let owner = try store.register(
        journalFile: file.name, bootID: "b", processID: 1, at: TestClock.wall)
    try store.renewLease(of: owner, processID: 1, for: .seconds(60), at: TestClock.steady)
    let recovery = Recovery(
        settings: bed.settings, bootID: "b", instance: 0,
        journals: JournalDirectory(database: bed.path))
    var book = RecoveryBook()
    _ = try recovery.run(store, clock: .system, book: &book)
    let isHalf = file.testDescription.hasPrefix("half")
    #expect(try store.isRegistered(owner.id) == !isHalf)
    try store.renewLease(of: owner, processID: 1, for: .milliseconds(-1), at: TestClock.steady)
    _ = try recovery.run(store, clock: .system, book: &book)
    #expect(try !store.isRegistered(owner.id))
    var status = stat()
    // Half an in-flight journal that a row names is ours.
    #expect((lstat(path, &status) == 0) == !isHalf)
}

@Test func `the name of an in-flight journal is no path`() throws {
    let bed = try EngineBed()
    let store = try SQLiteStore(connection: Database.open(path: bed.path))
    let victim = try bed.directory.write("mine", to: "victim")
    for name in ["victim", "./victim", victim, "../" + victim, "", "outbox.db", "outbox.db-wal"] {
        _ = try store.register(journalFile: name, bootID: "b", processID: 1, at: TestClock.wall)
    }
    var book = RecoveryBook()
    let recovery = Recovery(
        settings: bed.settings, bootID: "b", instance: 0,
        journals: JournalDirectory(database: bed.path))
    // A round ends when it has taken too long, and goes on in the next.
    while try recovery.run(store, clock: .system, book: &book).hasMore {}
    var status = stat()
    #expect(lstat(victim, &status) == 0)
    #expect(try store.others(than: 0, at: TestClock.steady).isEmpty)
}
