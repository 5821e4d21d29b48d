import Glibc
import TestSupport
import Testing

/// The relay's name: not to be had for a while, or that of another address since.
@Suite(.enabled(if: MountNamespace.isPossible, "only root can have a name server of its own"))
struct NameServiceTests {
    private static let name = "relay.machine.test"

    /// A daemon that asks that name server, and no other.
    private static func run(_ outboxd: Outboxd, _ server: NameServer) throws -> ChildProcess {
        let path = try outboxd.directory.write(
            "nameserver \(server.address)\noptions timeout:5 attempts:1\n", to: "resolv.conf")
        let daemon = try ChildProcess(
            try Executable.find("unshare", package: "util-linux"),
            [
                "-m", "/bin/sh", "-c",
                "mount --bind \"$1\" /etc/resolv.conf && exec \"$0\" run", outboxd.binary, path,
            ], environment: outboxd.environment.merging(["PATH": "/usr/bin:/bin"]) { $1 },
            directory: outboxd.directory.path)
        guard daemon.waitForOutput("outboxd runs") else { throw Unexpected(daemon.errors) }
        return daemon
    }

    private static func outboxd(_ relay: ScriptedRelay) throws -> Outboxd {
        try Outboxd(
            [
                "OUTBOXD_SMTP_URL": "smtp://\(name):\(relay.port)", "OUTBOXD_SMTP_TLS": "none",
                "OUTBOXD_SMTP_CONNECTIONS": "1",
            ], relay: relay)
    }

    @Test(arguments: [NameServer.Answer.none, .failure])
    func `a name without an answer makes mails wait, and the next probe sends them`(
        answer: NameServer.Answer
    ) throws {
        let server = try NameServer(answer)
        defer { server.stop() }
        let outboxd = try Self.outboxd(ScriptedRelay())
        defer { outboxd.end() }
        let daemon = try Self.run(outboxd, server)
        defer { daemon.kill() }
        let ids = try outboxd.insert((0..<5).map { Row(conversation: "c\($0)", instant: true) })
        #expect(daemon.waitForOutput("no address found for \(Self.name)"))
        for id in ids {
            #expect(try outboxd.status(id, after: "pending", "relay").attempts == 0)
        }
        server.answer = .ipv4([127, 0, 0, 1])
        // After 1 s, or 2 s behind it.
        #expect(try outboxd.wait(for: 5, "sent"), "\(daemon.errors)")
        for id in ids { #expect(try outboxd.status(id).attempts == 1) }
        #expect(outboxd.relay.record.mailCount == 5)
    }

    @Test func `a relay that moves is found where it is, and an open connection is used up`() throws
    {
        let server = try NameServer(.ipv4([127, 0, 0, 1]))
        defer { server.stop() }
        let old = try ScriptedRelay()
        let new = try ScriptedRelay(family: .ipv6, port: old.port)
        defer { new.stop() }
        let outboxd = try Self.outboxd(old)
        defer { outboxd.end() }
        let daemon = try Self.run(outboxd, server)
        defer { daemon.kill() }
        let first = try outboxd.insert(Row(conversation: "c1", instant: true))[0]
        #expect(try outboxd.status(first, after: "sent").summary == "sent")
        server.answer = .ipv6([UInt8](repeating: 0, count: 15) + [1])
        // The old one still takes what comes over the connection that stands.
        let second = try outboxd.insert(Row(conversation: "c2", instant: true))[0]
        #expect(try outboxd.status(second, after: "sent").summary == "sent")
        #expect(old.record.mailCount == 2 && old.record.connections.count == 1)
        // It is switched off, beside a connection that lies idle.
        old.stop()
        let third = try outboxd.insert(Row(conversation: "c3", instant: true))[0]
        #expect(try outboxd.status(third, after: "sent").attempts == 1)
        #expect(new.record.mailCount == 1 && old.record.mailCount == 2)
        #expect(!daemon.errors.contains("the relay is in trouble"))
    }
}
