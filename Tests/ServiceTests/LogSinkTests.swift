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
        Log(level: .info, format: .journal, descriptor: descriptor) { WallTime(milliseconds: 0) }
    }

    private func rendered(_ fields: LogFields) -> [UInt8] {
        LogLine.render(
            .journal, time: WallTime(milliseconds: 0), level: .info, message: "m", fields: fields)
    }

    @Test func `lines of many threads stay whole`() throws {
        let pipe = try Pipe()
        let log = log(pipe.writing)
        let filler = String(repeating: "y", count: 2_000) + "\""
        let threads = try (0..<4).map { number in
            try OSThread(name: "log\(number)") {
                for index in 0..<200 {
                    log.info("m", ["n": .int(index), "x": .string(String(filler.dropLast()))])
                }
            }
        }
        let writing = pipe.writing
        let closer = try OSThread(name: "closer") {
            for thread in threads { thread.join() }
            close(writing)
        }
        let lines = pipe.readAll().split(separator: "\n")
        closer.join()
        #expect(lines.count == 800)
        #expect(lines.allSatisfy { $0.hasPrefix("<6>m n=") && $0.hasSuffix(filler) })
    }

    /// Lines of one field go into the pipe whole or not at all, those of three may go in part.
    @Test(arguments: [["x"], ["x", "y", "z"]])
    func `a full pipe loses lines, then says how many`(names: [String]) throws {
        let pipe = try Pipe()
        pipe.makeNonBlocking()
        let log = log(pipe.writing)
        let filler = String(repeating: "y", count: 1_000)
        var fields: LogFields = [:]
        for name in names { fields.append(name, .string(filler)) }
        for _ in 0..<100 { log.info("m", fields) }
        let before = pipe.read().split(separator: "\n").map(String.init)
        log.info("after")
        close(pipe.writing)
        let rest = pipe.readAll().split(separator: "\n").map(String.init)
        let line = String(decoding: rendered(fields), as: UTF8.self).dropLast()
        let whole = before.filter { $0 == line }.count
        #expect((1..<100).contains(whole))
        #expect(rest == ["<4>log lines were lost lost=\(100 - whole)", "<6>after"])
    }

    @Test func `lines that are logged together go out together, in order, and never too many`()
        throws
    {
        let pipe = try Pipe()
        let log = log(pipe.writing)
        log.together {
            for index in 0..<3 { log.info("m", ["n": .int(index)]) }
        }
        #expect(pipe.read() == "<6>m n=0\n<6>m n=1\n<6>m n=2\n")
        // Nothing is kept behind the end, nor where nothing was logged.
        log.together {}
        log.info("alone")
        #expect(pipe.read() == "<6>alone\n")
        let filler = LogValue.string(String(repeating: "y", count: 1_000))
        log.together {
            for _ in 0..<5 { log.info("m", ["x": filler]) }
            #expect(pipe.read().split(separator: "\n").count == 4)
        }
        #expect(pipe.read().split(separator: "\n").count == 1)
        close(pipe.writing)
    }

    @Test func `of lines logged together those that don't fit are counted`() throws {
        let pipe = try Pipe()
        pipe.makeNonBlocking()
        let log = log(pipe.writing)
        let filler = LogValue.string(String(repeating: "y", count: 700))
        log.together { for _ in 0..<200 { log.info("m", ["x": filler]) } }
        let before = pipe.read().split(separator: "\n").filter {
            $0.hasSuffix("\"") && $0.count > 700
        }
        log.info("after")
        close(pipe.writing)
        let rest = pipe.readAll().split(separator: "\n").map(String.init)
        #expect((1..<200).contains(before.count))
        #expect(rest == ["<4>log lines were lost lost=\(200 - before.count)", "<6>after"])
    }

    @Test func `a closed pipe, a full disk and a wrong descriptor stop nobody`() throws {
        SignalWatch.ignorePipeSignal()
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
            for _ in 0..<3 { log.error("nobody reads this") }
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
