import CLinux
import Delivery
import Glibc
import Testing

@testable import Service

/// systemd's journal as far as its socket goes: takes datagrams, and takes them apart.
private final class FakeJournal {
    private let directory: TemporaryFile?
    let path: String
    let descriptor: Int32

    /// - Parameter path: Where its socket lies; in a directory of its own by default.
    init(_ path: String? = nil) throws {
        directory = path == nil ? try TemporaryFile("") : nil
        self.path = path ?? (directory?.directory ?? "") + "/socket"
        unlink(self.path)
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var (address, length) = try #require(SocketAddress.unix(self.path))
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        try #require(code == 0)
    }

    /// The fields of the next line, in their order; nil where there is none.
    func next() throws -> [(name: String, value: String)]? {
        var bytes = [UInt8](repeating: 0, count: 1 << 18)
        let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
        guard count > 0 else { return nil }
        return try Self.fields(bytes[..<count])
    }

    /// Takes a datagram apart (https://systemd.io/JOURNAL_NATIVE_PROTOCOL/).
    private static func fields(_ bytes: ArraySlice<UInt8>) throws -> [(String, String)] {
        var rest = bytes
        var fields: [(String, String)] = []
        while !rest.isEmpty {
            let end = try #require(rest.firstIndex(of: 0x0A))
            if let equals = rest[..<end].firstIndex(of: UInt8(ascii: "=")) {
                fields.append((text(rest[..<equals]), text(rest[(equals + 1)..<end])))
                rest = rest[(end + 1)...]
                continue
            }
            let name = text(rest[..<end])
            try #require(!name.isEmpty && rest.endIndex > end + 9)
            let length = rest[(end + 1)..<(end + 9)].reversed().reduce(0) { $0 << 8 | Int($1) }
            let start = end + 9
            fields.append((name, text(rest[start..<(start + length)])))
            try #require(
                length >= 0 && length < rest.endIndex - start && rest[start + length] == 0x0A)
            rest = rest[(start + length + 1)...]
        }
        return fields
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    deinit {
        close(descriptor)
        unlink(path)
    }
}

@Suite struct JournalSocketTests {
    private func log(_ path: String, descriptor: Int32 = -1) -> Log {
        Log(level: .info, format: .journal, descriptor: descriptor, journal: path)
    }

    @Test func `a line becomes fields, and each row is one`() throws {
        let journal = try FakeJournal()
        log(journal.path).log(
            .mailSent,
            [
                "mail": 7, "rows": [42, 43], "helpdesk": "h1", "relay": "mx.example[192.0.2.1]:25",
                "delay": "0.5", "queue_id": "4F2A1", "traceparent": .words(["00-a", "00-b"]),
            ])
        let fields = try #require(try journal.next()).map { "\($0.name)=\($0.value)" }
        #expect(
            fields == [
                "MESSAGE=mail mail=7 rows=42,43 helpdesk=h1 relay=mx.example[192.0.2.1]:25 "
                    + "delay=0.5 queue_id=4F2A1 traceparent=00-a,00-b",
                "PRIORITY=6", "SYSLOG_IDENTIFIER=outboxd", "OUTBOXD_EVENT=mail_sent",
                "OUTBOXD_MAIL=7", "OUTBOXD_ROW=42", "OUTBOXD_ROW=43", "OUTBOXD_HELPDESK=h1",
                "OUTBOXD_RELAY=mx.example[192.0.2.1]:25", "OUTBOXD_DELAY=0.5",
                "OUTBOXD_QUEUE_ID=4F2A1", "OUTBOXD_TRACEPARENT=00-a", "OUTBOXD_TRACEPARENT=00-b",
            ])
    }

    /// What the relay says can't make a field of its own.
    @Test func `a value with line ends is framed by its length`() throws {
        let journal = try FakeJournal()
        let hostile = "no\nOUTBOXD_ROW=1\n\nMESSAGE=forged"
        log(journal.path).log(.relayDown, ["error": .string(hostile)])
        let fields = try #require(try journal.next())
        let names = fields.map(\.name).filter { $0 == "MESSAGE" || $0 == "OUTBOXD_ROW" }
        #expect(names == ["MESSAGE"])
        #expect(fields.last?.name == "OUTBOXD_ERROR")
        #expect(fields.last?.value == hostile)
        #expect(fields.first?.value.contains("\n") == false)
    }

    @Test func `the longest line there can be fits into a datagram`() throws {
        let journal = try FakeJournal()
        var fields: LogFields = ["rows": .list(Array(repeating: .min, count: 100_000))]
        for index in 0..<60 {
            fields.append("f\(index)", .string(String(repeating: "漢\n", count: 9_000)))
        }
        log(journal.path).log(.mailSent, fields)
        let found = try #require(try journal.next())
        #expect(found.count > 500)
        #expect(found.allSatisfy { $0.value.utf8.count <= LogLine.limit })
    }

    @Test func `without a journal lines go to stderr, with their priority`() throws {
        let pipe = try LogPipe()
        log("/nowhere/socket", descriptor: pipe.writing).log(.stopped, ["a": 1])
        #expect(pipe.read() == "<5>outboxd has stopped a=1\n")
    }

    /// A journal that sleeps: its queue of datagrams is full (net.unix.max_dgram_qlen).
    @Test func `a full journal holds up nobody, and what is lost is told`() throws {
        let journal = try FakeJournal()
        let log = log(journal.path)
        let filler: LogFields = ["x": .string(String(repeating: "y", count: 1_000))]
        for _ in 0..<2_000 { log.log(.mailSent, filler) }
        let lost = log.lostLines
        #expect((500..<2_000).contains(lost))
        var count = 0
        while count < 2_000 - lost {
            guard Waiting.poll([journal.descriptor], timeout: .seconds(10)) == [true] else { break }
            while try journal.next() != nil { count += 1 }
        }
        #expect(count == 2_000 - lost)
        log.log(.stopped)
        let report = try #require(try journal.next())
        #expect(report.contains { $0.name == "OUTBOXD_LOST" && $0.value == "\(lost)" })
        let last = try #require(try journal.next())
        #expect(last.first?.value == "outboxd has stopped")
    }

    @Test func `a journal that was started anew is found again`() throws {
        let file = try TemporaryFile("")
        let path = file.directory + "/socket"
        defer { unlink(path) }
        let log = log(path)
        for event in [LogEvent.runs, .stopping, .stopped] {
            let journal = try FakeJournal(path)
            log.log(event)
            let fields = try #require(try journal.next())
            let name = fields.first { $0.name == "OUTBOXD_EVENT" }?.value
            #expect(name == event.rawValue)
        }
    }
}

/// A pipe whose writing end is given to a log.
private final class LogPipe {
    let reading: Int32
    let writing: Int32

    init() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        (reading, writing) = (ends[0], ends[1])
    }

    func read() -> String {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = Glibc.read(reading, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    deinit {
        close(reading)
        close(writing)
    }
}
