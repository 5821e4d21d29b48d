import Delivery
import Glibc
import Testing

@testable import Service

/// A pipe whose writing end is given to a log.
private final class Pipe: Sendable {
    let reading: Int32
    let writing: Int32

    init() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        (reading, writing) = (ends[0], ends[1])
    }

    func makeNonBlocking() {
        let one = fcntl(writing, F_GETFL)
        _ = fcntl(writing, F_SETFL, one | O_NONBLOCK)
    }

    /// Reads what is there, at least one byte.
    func read(_ limit: Int = 1 << 20) -> String {
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = Glibc.read(reading, &bytes, limit)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    /// Reads so many bytes.
    func read(exactly count: Int) -> String {
        var text = ""
        while text.utf8.count < count, case let part = read(count - text.utf8.count), !part.isEmpty
        {
            text += part
        }
        return text
    }

    /// Reads until the writing end is closed.
    func readAll() -> String {
        var text = ""
        while case let part = read(), !part.isEmpty { text += part }
        return text
    }

    deinit { close(reading) }
}

@Suite struct LogSinkTests {
    private func log(_ descriptor: Int32) -> Log {
        SignalWatch.ignoreFileSignals()
        return Log(level: .info, format: .journal, descriptor: descriptor, journal: "/nowhere") {
            ClockReading(wall: WallTime(milliseconds: 0), steady: SteadyTime(nanoseconds: 0))
        }
    }

    private func rendered(_ fields: LogFields) -> [UInt8] {
        LogLine.render(
            .journal, time: WallTime(milliseconds: 0), level: .info, event: .mailSent,
            fields: fields)
    }

    @Test func `lines of many threads stay whole`() throws {
        let pipe = try Pipe()
        let log = log(pipe.writing)
        let filler = String(repeating: "y", count: 2_000) + "\""
        let threads = try (0..<4).map { number in
            try OSThread(name: "log\(number)") {
                for index in 0..<25 {
                    log.log(.mailSent, ["n": .int(index), "x": .string(String(filler.dropLast()))])
                }
            }
        }
        let writing = pipe.writing
        let closer = try OSThread(name: "closer") {
            for thread in threads { thread.join() }
            log.finish(within: .seconds(10))
            close(writing)
        }
        let lines = pipe.readAll().split(separator: "\n")
        closer.join()
        #expect(lines.count == 100)
        #expect(lines.allSatisfy { $0.hasPrefix("<6>mail n=") && $0.hasSuffix(filler) })
    }

    /// The reader sleeps, and nobody waits for it.
    ///
    /// What it does not take is kept as far as there is room, goes out when it wakes, and the rest is counted.
    @Test(arguments: [false, true])
    func `a full pipe holds up nobody and loses no more than it must`(isNonBlocking: Bool) throws {
        let pipe = try Pipe()
        if isNonBlocking { pipe.makeNonBlocking() }
        let log = log(pipe.writing)
        let fields: LogFields = ["x": .string(String(repeating: "y", count: 1_000))]
        for _ in 0..<1_000 { log.log(.mailSent, fields) }
        let lost = log.lostLines
        #expect((600..<750).contains(lost))
        let line = String(decoding: rendered(fields), as: UTF8.self)
        let kept = String(repeating: line, count: 1_000 - lost)
        #expect(pipe.read(exactly: kept.utf8.count) == kept)
        log.log(.stopped)
        log.finish()
        close(pipe.writing)
        #expect(
            pipe.readAll() == "<4>log lines were lost lost=\(lost)\n<5>outboxd has stopped\n")
        #expect(log.lostLines == 0)
    }

    @Test func `at the end the reader is waited for, but not long`() throws {
        let pipe = try Pipe()
        let log = log(pipe.writing)
        let fields: LogFields = ["x": .string(String(repeating: "y", count: 1_000))]
        for _ in 0..<200 { log.log(.mailSent, fields) }
        let start = SystemClock().steadyNow()
        log.finish(within: .milliseconds(50))
        #expect(SystemClock().steadyNow() - start < .seconds(5))
    }

    @Test func `lines that are logged together go out together, in order, and never too many`()
        throws
    {
        let pipe = try Pipe()
        let log = log(pipe.writing)
        log.together {
            for index in 0..<3 { log.log(.mailSent, ["n": .int(index)]) }
        }
        #expect(pipe.read() == "<6>mail n=0\n<6>mail n=1\n<6>mail n=2\n")
        // Nothing is kept behind the end, nor where nothing was logged.
        log.together {}
        log.log(.stopped)
        #expect(pipe.read() == "<5>outboxd has stopped\n")
        let filler = LogValue.string(String(repeating: "y", count: 1_000))
        log.together {
            for _ in 0..<5 { log.log(.mailSent, ["x": filler]) }
            #expect(pipe.read().split(separator: "\n").count == 4)
        }
        #expect(pipe.read().split(separator: "\n").count == 1)
        close(pipe.writing)
    }

    @Test func `a closed pipe, a full disk and a wrong descriptor stop nobody`() throws {
        SignalWatch.ignoreFileSignals()
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        close(ends[0])
        let full = open("/dev/full", O_WRONLY)
        defer {
            close(full)
            close(ends[1])
        }
        for descriptor in [ends[1], full, -1] {
            let log = log(descriptor)
            for _ in 0..<3 { log.log(.failed) }
            #expect(log.lostLines == 3)
        }
    }

    @Test func `the journal is known by device and inode`() throws {
        let pipe = try Pipe()
        defer { close(pipe.writing) }
        var status = stat()
        try #require(fstat(pipe.writing, &status) == 0)
        let right = "\(status.st_dev):\(status.st_ino)"
        for (value, wanted) in [
            (right, true), ("\(status.st_dev):\(status.st_ino + 1)", false), ("", false),
            ("x:y", false), ("1", false), (right + ":1", false),
        ] {
            let isConnected = Journal.isConnected(
                environment: ["JOURNAL_STREAM": value], descriptor: pipe.writing)
            #expect(isConnected == wanted, "\(value)")
        }
        #expect(!Journal.isConnected(environment: [:], descriptor: pipe.writing))
        #expect(!Journal.isConnected(environment: ["JOURNAL_STREAM": right], descriptor: -1))
    }
}
