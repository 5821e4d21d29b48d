import Delivery
import Foundation
import Glibc
import TestSupport
import Testing

/// `outboxd demo`: "the whole way on one machine … ends by itself".
struct DemoTests {
    private static func environment(_ directory: TemporaryDirectory) -> [String: String] {
        // None of these may matter to it.
        [
            "TMPDIR": directory.path, "OUTBOXD_DATABASE": "/nowhere/outbox.db",
            "OUTBOXD_SMTP_URL": "http://nonsense", "OUTBOXD_HOLD": "never", "OUTBOXD_BOGUS": "1",
        ]
    }

    @Test func `it shows the whole way in less than 15 seconds and leaves nothing behind`() throws {
        let directory = try TemporaryDirectory()
        let begin = TestClock.steady
        let demo = try ChildProcess.run(
            try BuiltProducts.url("outboxd").path, ["demo"],
            environment: Self.environment(directory), directory: "/proc")
        #expect(TestClock.steady - begin < .seconds(15))
        #expect(demo.exit == .code(0), "\(demo.output)\(demo.errors)")
        #expect(demo.errors.isEmpty)
        for words in [
            "the hold is 3 s", "Ann has read it in time: no mail", "3 replies in one mail",
            "550 5.1.1", "450 4.2.0", "notes for Eli: sent",
            "The mail server received 3 mails with 5 of them.", "Checked:",
        ] {
            #expect(demo.output.contains(words), "\(words)")
        }
        #expect(!demo.output.contains("\u{1B}"))
        #expect(demo.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func `a signal ends it, and it tidies up`(signal: Int32) throws {
        let directory = try TemporaryDirectory()
        let demo = try ChildProcess(
            try BuiltProducts.url("outboxd").path, ["demo"],
            environment: Self.environment(directory))
        #expect(demo.waitForOutput("answers Ann", in: .output))
        demo.terminate(signal)
        #expect(demo.waitForExit() == .code(0))
        #expect(demo.output.contains("Stopped before the end"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
    }

    /// Somebody else's mail for its server: then the database and the server do not agree.
    @Test func `its summary is computed, not recited`() throws {
        let demo = try ChildProcess(try BuiltProducts.url("outboxd").path, ["demo"])
        #expect(demo.waitForOutput("answers Ann", in: .output))
        let client = try RawConnection(port: try Self.port(of: demo.processID))
        _ = try client.readReply()
        for line in ["EHLO test", "MAIL FROM:<x@y.test>", "RCPT TO:<ann@example.com>", "DATA"] {
            _ = try client.ask(line)
        }
        #expect(try client.ask("Subject: Hello\r\n\r\nNot yours.\r\n.").hasPrefix("250"))
        #expect(demo.waitForExit(timeout: .seconds(20)) == .code(65))
        #expect(demo.output.contains("do NOT agree"))
        #expect(
            demo.output.contains("a mail for ann@example.com arrived that nobody noted as sent"))
        #expect(!demo.output.contains("Checked:"))
    }

    /// Where a process listens, by proc(5).
    private static func port(of process: Int32) throws -> UInt16 {
        let files = FileManager.default
        let descriptors = "/proc/\(process)/fd"
        let inodes = try files.contentsOfDirectory(atPath: descriptors).compactMap { name in
            try? files.destinationOfSymbolicLink(atPath: "\(descriptors)/\(name)")
        }.filter { $0.hasPrefix("socket:[") }.map { $0.dropFirst("socket:[".count).dropLast() }
        let table = try String(contentsOfFile: "/proc/\(process)/net/tcp", encoding: .utf8)
        for line in table.split(separator: "\n").dropFirst() {
            let fields = line.split(separator: " ")
            // "0A": listening.
            guard fields.count > 9, fields[3] == "0A", inodes.contains(fields[9]),
                let port = UInt16(fields[1].suffix(4), radix: 16)
            else { continue }
            return port
        }
        throw Unexpected("the demo listens nowhere")
    }

    @Test func `without a place for its files it says so`() throws {
        let demo = try ChildProcess.run(
            try BuiltProducts.url("outboxd").path, ["demo"], environment: ["TMPDIR": "/nowhere"])
        #expect(demo.exit == .code(74))
        #expect(demo.errors.contains("set TMPDIR"))
    }
}
