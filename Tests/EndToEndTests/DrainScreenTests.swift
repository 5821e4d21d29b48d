import Delivery
import Foundation
import TestSupport
import Testing

/// "`120 of 5,000 sent, 3 deferred, 48/s, 1 min 42 s left` on one live line, … plain lines when not a terminal, a
/// summary that says what remains and until when, exit code explained".
struct DrainScreenTests {
    /// Runs `drain` on a terminal of so many columns, and closes it when so much was seen.
    ///
    /// What was seen comes first, the exit code last.
    private static let terminal = """
        import fcntl, os, pty, struct, sys, termios
        binary, columns, until, close = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4] == "close"
        pid, fd = pty.fork()
        if pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
            os.execve(binary, [binary, "drain"] + sys.argv[6:], dict(e.split("=", 1) for e in sys.argv[5].split("\\n")))
        seen = b""
        while True:
            try:
                data = os.read(fd, 65536)
            except OSError:
                break
            if not data:
                break
            seen += data
            if close and until.encode() in seen:
                os.close(fd)
                break
        print(seen.decode(), end="")
        print("exit", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        """

    private static func onTerminal(
        _ outboxd: Outboxd, term: String = "xterm", columns: Int = 80,
        closedAfter until: String? = nil,
        _ arguments: [String] = []
    ) throws -> String {
        let environment = outboxd.environment.merging(["TERM": term]) { $1 }
            .map { "\($0)=\($1)" }.joined(separator: "\n")
        return try Python.run(
            terminal,
            [
                outboxd.binary, String(columns), until ?? "", until == nil ? "stay" : "close",
                environment,
            ] + arguments)
    }

    private static func rows(_ count: Int) -> [Row] {
        (0..<count).map { Row(to: "u\($0)@example.test", conversation: "c\($0)", instant: true) }
    }

    @Test func `on a terminal one line lives, and each cause has its own once`() throws {
        let relay = try ScriptedRelay(rules: [
            RelayRule { event in
                event.verb == .rcpt && event.recipient?.hasPrefix("u1") == true
                    ? .reply(450, "4.2.0 <\(event.recipient ?? "")> later") : nil
            }
        ])
        let outboxd = try Outboxd(
            ["OUTBOXD_RETRY_BASE": "1h", "OUTBOXD_RETRY_CAP": "1h"], relay: relay)
        defer { outboxd.end() }
        try outboxd.insert(Self.rows(20))
        let seen = try Self.onTerminal(outboxd, ["--rate", "20/s"])
        #expect(seen.contains("\r\u{1B}[K") && seen.contains(" of 20 sent"))
        #expect(seen.contains("deferred: rcpt: 450 4.2.0 <address> later\r\n"))
        #expect(seen.count(of: "deferred: rcpt:") == 2, "once as it came, once in the summary")
        #expect(seen.contains("  11 × deferred: rcpt: 450 4.2.0 <address> later"))
        #expect(seen.contains("11 rows wait: 11 deferred (the first is tried in "))
        #expect(seen.contains("exit code 75: some mail is still to be tried again, the first in "))
        #expect(seen.hasSuffix("exit 75\n"))
    }

    @Test func `no line is wider than the terminal`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.insert(Self.rows(40))
        let seen = try Self.onTerminal(outboxd, columns: 12, ["--rate", "20/s"])
        let live = seen.components(separatedBy: "\r\u{1B}[K").dropFirst().dropLast()
        #expect(live.count > 2 && live.allSatisfy { $0.count <= 12 }, "\(live)")
    }

    @Test func `a canary is so many of so many`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.insert(Self.rows(40))
        let seen = try Self.onTerminal(outboxd, ["--limit", "20", "--rate", "10/s"])
        #expect(seen.contains(" of 20 sent") && !seen.contains(" of 40 sent"))
        let others = seen.components(separatedBy: " of ").dropFirst().filter {
            !$0.hasPrefix("20 ")
        }
        #expect(others.isEmpty, "\(others)")
    }

    @Test func `a terminal that can't write over gets plain lines`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.insert(Self.rows(5))
        let seen = try Self.onTerminal(outboxd, term: "dumb")
        #expect(!seen.contains("\u{1B}") && seen.contains("sent 5 mails (5 rows)"))
    }

    @Test func `a terminal that is closed stops it, and nothing is lost or sent twice`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.insert(Self.rows(100))
        let seen = try Self.onTerminal(outboxd, closedAfter: " of 100 sent", ["--rate", "20/s"])
        #expect(seen.hasSuffix("exit 75\n"), "\(seen)")
        let sent = outboxd.relay.record.mailCount
        #expect(sent > 0 && sent < 100)
        #expect(try outboxd.counts() == ["sent": sent, "pending": 100 - sent])
        #expect(try outboxd.command("drain").exit == .code(0))
        #expect(outboxd.relay.record.mailCount == 100)
    }

    @Test func `where nobody looks a line is written every few seconds`() throws {
        for format in ["text", "json"] {
            let outboxd = try Outboxd([
                "OUTBOXD_LOG_FORMAT": format, "OUTBOXD_LOG_LEVEL": "warning",
            ])
            defer { outboxd.end() }
            try outboxd.insert(Self.rows(30))
            let drain = try outboxd.command(
                "drain", "--rate", "5/s",
                settings: ["OUTBOXD_LOG_LEVEL": format == "json" ? "notice" : "warning"])
            #expect(drain.exit == .code(0))
            #expect(drain.errors.contains(" of 30 sent, 5/s, "), "\(drain.errors)")
            #expect((1...2).contains(drain.errors.count(of: " of 30 sent")))
        }
    }

    @Test func `what is not due is said, with its time`() throws {
        let outboxd = try Outboxd(["OUTBOXD_HOLD": "1h"])
        defer { outboxd.end() }
        try outboxd.insert(Row(), Row(conversation: "c2"))
        let drain = try outboxd.command("drain")
        #expect(drain.exit == .code(0))
        #expect(drain.output.contains("2 rows wait: 2 hold (the first is due in "))
    }

    @Test func `one that waits behind another is said`() throws {
        let relay = try ScriptedRelay(rules: [.greylist(attempts: 1)])
        let outboxd = try Outboxd(
            ["OUTBOXD_RETRY_BASE": "1h", "OUTBOXD_RETRY_CAP": "1h"], relay: relay)
        defer { outboxd.end() }
        try outboxd.insert(Row(instant: true))
        try outboxd.command("drain")
        let second = try outboxd.insert(Row(audience: "operator", instant: true))[0]
        let drain = try outboxd.command("drain", "\(second)")
        #expect(drain.output.contains("1 row waits: 1 deferred"))
        #expect(drain.output.contains("1 mail behind another of its conversation"))
    }
}
