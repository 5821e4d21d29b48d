import Foundation
import Glibc
import TestSupport
import Testing

/// Whoever reads the log holds up no mail.
struct LogReaderTests {
    @Test func `a reader that sleeps costs lines, not mails`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let fifo = outboxd.directory.file("log")
        try #require(mkfifo(fifo, 0o600) == 0)
        let reading = open(fifo, O_RDWR | O_NONBLOCK | O_CLOEXEC)
        try #require(reading >= 0)
        defer { close(reading) }
        let daemon = try ChildProcess(
            "/bin/sh", ["-c", "exec \"$0\" run 2>\"$1\"", outboxd.binary, fifo],
            environment: outboxd.environment, directory: outboxd.directory.path)
        defer {
            daemon.kill()
            _ = daemon.waitForExit()
        }
        // 64 kB in the pipe and 256 kB in the process are full after half of them.
        try outboxd.insert((0..<2_500).map { Row(conversation: "c\($0)", instant: true) })
        #expect(outboxd.relay.waitForMails(2_500, timeout: .seconds(60)))
        daemon.terminate()
        #expect(daemon.waitForExit() == .code(0))
    }
}
