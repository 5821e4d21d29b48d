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

    // MARK: --keep

    /// A name that is no plain word, and a parser of another make.
    @Test func `what the mail server received is left in a directory`() throws {
        let directory = try TemporaryDirectory()
        let demo = try ChildProcess.run(
            try BuiltProducts.url("outboxd").path, ["demo", "--keep", "my mails"],
            environment: Self.environment(directory), directory: directory.path)
        #expect(demo.exit == .code(0), "\(demo.output)\(demo.errors)")
        let kept = directory.file("my mails")
        let names = try FileManager.default.contentsOfDirectory(atPath: kept).sorted()
        #expect(
            names.map { $0.dropFirst(2) } == [
                "cem-shop-is-down.eml", "cem-shop-is-down.html", "ben-invoice-2041.eml",
                "ben-invoice-2041.html", "eli-size-42-in-blue.eml", "eli-size-42-in-blue.html",
            ])
        #expect(names.map { $0.prefix(2) } == ["1-", "1-", "2-", "2-", "3-", "3-"])
        let end = demo.output.components(separatedBy: "The mails, to open").last ?? ""
        #expect(end.contains("  \(kept):\n"))
        for name in names { #expect(end.contains("  \(name)\n")) }
        let readme = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "README.md")
        let opened = try String(contentsOf: readme, encoding: .utf8)
            .firstMatch(of: /xdg-open mails\/(\S+\.html)/)
        #expect(names.contains(String(try #require(opened).1)))
        // Nothing but the mails is left.
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["my mails"])
        try Self.compare(kept, names)
    }

    /// Each HTML file is the HTML part of the message, as Python reads it, and shows its text.
    private static func compare(_ kept: String, _ names: [String]) throws {
        let texts = [
            "We restarted the shop. It works again.", "Found it: the tax was counted twice.",
            "Size 42 is back in stock.",
        ]
        for (index, text) in texts.enumerated() {
            let message = try Data(contentsOf: URL(filePath: "\(kept)/\(names[index * 2])"))
            let html = try String(
                contentsOfFile: "\(kept)/\(names[index * 2 + 1])", encoding: .utf8)
            #expect(message.suffix(2) == Data("\r\n".utf8))
            #expect(!message.contains(UInt8(ascii: "\n"), withoutBefore: UInt8(ascii: "\r")))
            #expect(html.hasPrefix("<!DOCTYPE html>") && html.contains(text))
            let parsed = try Python.run(
                """
                import email, email.policy, sys
                with open(sys.argv[1], 'rb') as file:
                    message = email.message_from_binary_file(file, policy=email.policy.strict)
                assert not message.defects
                print(message.get_body(('html',)).get_content(), end='')
                """, ["\(kept)/\(names[index * 2])"])
            #expect(
                parsed.trimmingCharacters(in: .newlines) == html.trimmingCharacters(in: .newlines))
        }
    }

    @Test func `a directory with something in it is refused, and nothing else is done`() throws {
        let directory = try TemporaryDirectory()
        let file = directory.file("mine")
        try Data("mine".utf8).write(to: URL(filePath: file))
        let cases = [
            (".", 65, "\(directory.path) is not empty; name a new or an empty directory"),
            ("mine", 65, "\(file) is no directory"),
            ("no/where", 74, "\(directory.path)/no/where can't be made: No such file"),
            ("", 64, "--keep must not be empty"),
        ]
        for (name, code, words) in cases {
            let demo = try ChildProcess.run(
                try BuiltProducts.url("outboxd").path, ["demo", "--keep", name],
                environment: Self.environment(directory), directory: directory.path)
            #expect(demo.exit == .code(Int32(code)) && demo.output.isEmpty)
            #expect(demo.errors.contains(words), "\(demo.errors)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["mine"])
    }

    @Test func `a signal before the end leaves no directory`() throws {
        let directory = try TemporaryDirectory()
        let demo = try ChildProcess(
            try BuiltProducts.url("outboxd").path, ["demo", "--keep", directory.file("mails")],
            environment: Self.environment(directory))
        #expect(demo.waitForOutput("answers Ann", in: .output))
        #expect(FileManager.default.fileExists(atPath: directory.file("mails")))
        demo.terminate(SIGINT)
        #expect(demo.waitForExit() == .code(0))
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
    }

    @Test func `without a place for its files it says so`() throws {
        let demo = try ChildProcess.run(
            try BuiltProducts.url("outboxd").path, ["demo"], environment: ["TMPDIR": "/nowhere"])
        #expect(demo.exit == .code(74))
        #expect(demo.errors.contains("set TMPDIR"))
    }
}

extension Data {
    /// Whether an octet stands anywhere without another right before it.
    fileprivate func contains(_ octet: UInt8, withoutBefore other: UInt8) -> Bool {
        indices.contains { self[$0] == octet && ($0 == startIndex || self[$0 - 1] != other) }
    }
}
