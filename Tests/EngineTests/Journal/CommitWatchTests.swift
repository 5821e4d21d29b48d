import Delivery
@testable import Engine
import SQLite
import TestSupport
import Testing

private struct WatchedFile {
    let directory: TemporaryDirectory
    let path: String
    let connection: Connection

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.file("outbox.db")
        connection = try Connection(path: path, mode: .create)
        try connection.execute("PRAGMA journal_mode = WAL; CREATE TABLE t (a)")
    }
}

@Test func `a commit is a hint, and is looked for at growing distances`() throws {
    let file = try WatchedFile()
    let watch = try CommitWatch(database: file.path)
    let now = TestClock.steady
    watch.drain(at: now)
    #expect(watch.nextLook(at: now) == nil)
    try file.connection.execute("INSERT INTO t VALUES (1)")
    watch.drain(at: now)
    var looks: [Duration] = []
    var moment = now
    while let next = watch.nextLook(at: moment), looks.count < 50 {
        #expect(next > moment)
        looks.append(next - now)
        moment = next
    }
    #expect(looks.first == .microseconds(250) && looks.last == .microseconds(64_000))
    #expect(watch.nextLook(at: moment) == nil)
}

/// What is looked at now and then goes on only as long as it is quiet.
@Test func `it is quiet until somebody writes, and then until the next look`() throws {
    let file = try WatchedFile()
    let watch = try CommitWatch(database: file.path)
    let now = TestClock.steady
    watch.drain(at: now)
    #expect(watch.isQuiet(since: now, at: now + .seconds(10)))
    try file.connection.execute("INSERT INTO t VALUES (1)")
    #expect(!watch.isQuiet(since: now, at: now))
    // The commit may come to be seen after its hint.
    watch.drain(at: now)
    #expect(watch.isQuiet(since: now, at: now + .microseconds(249)))
    #expect(!watch.isQuiet(since: now, at: now + .microseconds(250)))
    let later = now + .microseconds(250)
    #expect(watch.isQuiet(since: later, at: now + .microseconds(499)))
    #expect(!watch.isQuiet(since: later, at: now + .microseconds(500)))
}

@Test func `once the version has moved, the looks begin anew, and end`() throws {
    let file = try WatchedFile()
    let watch = try CommitWatch(database: file.path)
    let now = TestClock.steady
    try file.connection.execute("INSERT INTO t VALUES (1)")
    watch.drain(at: now)
    #expect(watch.nextLook(at: now) != nil)
    // It may have been an earlier commit than the one hinted at.
    let later = now + .milliseconds(10)
    watch.settled(at: later)
    #expect(watch.nextLook(at: later) == later + .microseconds(250))
    #expect(watch.nextLook(at: later + .milliseconds(64)) == nil)
}

@Test func `other files are no hint`() throws {
    let file = try WatchedFile()
    let watch = try CommitWatch(database: file.path)
    let now = TestClock.steady
    watch.drain(at: now)
    #expect(watch.nextLook(at: now) == nil)
    for name in ["other.db", "outbox.db-outboxd-1", "outbox.db-shm", "a.log"] {
        try file.directory.write("something", to: name)
    }
    watch.drain(at: now)
    #expect(watch.nextLook(at: now) == nil)
}

@Test func `a directory that is not there is an error, not a crash`() {
    #expect(throws: (any Error).self) { try CommitWatch(database: "/nowhere/at/all.db") }
}

@Test func `a file that is written all the time is not listened to for long`() throws {
    let file = try WatchedFile()
    let watch = try CommitWatch(database: file.path)
    let now = TestClock.steady
    for number in 0..<CommitWatch.mostStrangers {
        try file.directory.write("line \(number)", to: "trace.log")
        watch.drain(at: now)
        #expect(!watch.rests(at: now))
    }
    try file.directory.write("one more", to: "trace.log")
    watch.drain(at: now)
    #expect(watch.rests(at: now) && watch.nextLook(at: now) == now + CommitWatch.rest)
    // A commit meanwhile is found when the rest is over.
    try file.connection.execute("INSERT INTO t VALUES (1)")
    let after = now + CommitWatch.rest
    #expect(!watch.rests(at: after))
    watch.drain(at: after)
    #expect(watch.nextLook(at: after) == after + .microseconds(250))
    // And each second has its own hundred.
    try file.directory.write("later", to: "trace.log")
    watch.drain(at: now + .seconds(2))
    #expect(!watch.rests(at: now + .seconds(2)))
}

@Test func `what we have written ourselves is looked at once`() throws {
    let file = try WatchedFile()
    let watch = try CommitWatch(database: file.path)
    let now = TestClock.steady
    try file.connection.execute("INSERT INTO t VALUES (1)")
    watch.haveWritten()
    watch.drain(at: now)
    #expect(watch.nextLook(at: now) == now + .milliseconds(64))
    // The next hint is somebody else's again.
    try file.connection.execute("INSERT INTO t VALUES (2)")
    watch.drain(at: now)
    #expect(watch.nextLook(at: now) == now + .microseconds(250))
}
