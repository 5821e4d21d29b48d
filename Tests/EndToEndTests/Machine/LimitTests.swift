import Foundation
import Glibc
import TestSupport
import Testing

/// Descriptors and address space that run out (setrlimit(2)).
struct LimitTests {
    /// Starts a daemon under a limit, such as `--nofile=12`.
    private static func start(_ outboxd: Outboxd, _ limit: String) throws -> ChildProcess {
        try ChildProcess(
            try Executable.find("prlimit", package: "util-linux"), [limit, outboxd.binary, "run"],
            environment: outboxd.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 },
            directory: outboxd.directory.path)
    }

    /// Changes the soft limit of a process that runs.
    private static func limit(_ process: ChildProcess, toFiles count: Int) throws {
        try ChildProcess.tool(
            "prlimit", ["--pid", "\(process.processID)", "--nofile=\(count):"],
            package: "util-linux")
    }

    /// A daemon under the limit ends with 74 and these words; the mail goes out once there is none.
    private static func expectNoStart(under limit: String, says words: String) throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let id = try outboxd.insert(Row(instant: true))[0]
        let daemon = try start(outboxd, limit)
        defer { daemon.kill() }
        #expect(daemon.waitForExit() == .code(74))
        #expect(daemon.errors.contains(words), "\(daemon.errors)")
        #expect(outboxd.relay.record.connections.isEmpty)
        try outboxd.run()
        #expect(try outboxd.status(id, after: "sent").attempts == 1)
    }

    @Test(arguments: [12, 14])
    func `too few descriptors for a start are named, and no mail is touched`(count: Int) throws {
        try Self.expectNoStart(under: "--nofile=\(count)", says: "Too many open files")
    }

    /// SIGXFSZ would end it without a word.
    @Test func `a file that may not grow is named, and no mail is touched`() throws {
        try Self.expectNoStart(under: "--fsize=100000", says: "File too large")
    }

    /// libcurl says "couldn't connect", and somebody would look at the relay.
    @Test func `descriptors that run out while it runs are named, and no attempt is counted`()
        throws
    {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        let first = try outboxd.insert(Row(conversation: "first", instant: true))[0]
        #expect(try outboxd.status(first, after: "sent").summary == "sent")
        // All files that it keeps are open by now; the connection is given back.
        outboxd.relay.stop()
        #expect(try daemon.waitUntilDisconnected())
        try outboxd.relay.start()
        try Self.limit(
            daemon,
            toFiles: FileManager.default.contentsOfDirectory(atPath: daemon.descriptors).count)
        let ids = try outboxd.insert((0..<5).map { Row(conversation: "c\($0)", instant: true) })
        #expect(daemon.waitForOutput("this process may open no more files"))
        for id in ids {
            let status = try outboxd.status(id, after: "pending", "relay")
            #expect(status.summary == "pending/relay" && status.attempts == 0)
        }
        #expect(try outboxd.command("health").output.contains("LimitNOFILE="))
        try Self.limit(daemon, toFiles: 1_024)
        try outboxd.command("probe")
        #expect(try outboxd.wait(for: 6, "sent"))
        #expect(outboxd.relay.record.mailCount == 6)
        for id in ids { #expect(try outboxd.status(id).attempts == 1) }
    }

    /// Where memory ends a process can't say so, but another one finds what it had under way.
    ///
    /// The kernel's SIGKILL at the limit of a control group is the same to the mails: see `CrashTests`.
    @Test(arguments: [60, 80, 200])
    func `a process that ends for want of memory loses no mail`(megabytes: Int) throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.insert((0..<20).map { Row(conversation: "c\($0)", instant: true) })
        let small = try Self.start(outboxd, "--as=\(megabytes << 20)")
        defer { small.kill() }
        _ = try eventually(timeout: .seconds(2)) {
            try small.exit != nil || outboxd.counts()["sent"] == 20
        }
        small.kill()
        _ = small.waitForExit()
        try outboxd.run()
        #expect(try outboxd.wait(for: 20, "sent"))
        #expect(Set(outboxd.relay.mails.map(\.messageID)).count == 20)
        let copies = outboxd.relay.record.mailCount - 20
        let uncertain = try outboxd.values("SELECT id FROM outbox_status WHERE uncertain").count
        #expect(copies <= uncertain && uncertain <= 4)
    }
}
