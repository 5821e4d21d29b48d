import Delivery
import Foundation
import Glibc
import TestSupport
import Testing

/// "SIGHUP: reloads": what can change does, no dialogue is dropped.
struct ReloadTests {
    private static func text(_ mail: ReceivedMail) -> String {
        String(decoding: mail.data, as: UTF8.self)
    }

    private static let taken = "the settings were read again"

    @Test func `another rate counts in the middle of a backlog`() throws {
        let outboxd = try Outboxd(["OUTBOXD_RATE": "60/m"])
        defer { outboxd.end() }
        var (daemon, file) = try outboxd.runWithFile()
        try outboxd.insert((0..<200).map { Row(conversation: "c\($0)", instant: true) })
        #expect(outboxd.relay.waitForMails(2))
        try file.set(["RATE": "1000/s"])
        daemon.send(SIGHUP)
        // By the former rate it would take three minutes.
        #expect(outboxd.relay.waitForMails(200, timeout: .seconds(20)))
        #expect(daemon.errors.contains("changed=OUTBOXD_RATE\n"))
        #expect(outboxd.relay.breaches.isEmpty)
    }

    /// The mail whose dot is out ends where it began, once; the next one goes to the new relay.
    @Test func `another relay takes what was not begun`() throws {
        let gate = Gate()
        let former = try ScriptedRelay(rules: [.first(1, .dot, .hold(gate))])
        let other = try ScriptedRelay()
        defer { other.stop() }
        let outboxd = try Outboxd(relay: former)
        defer { outboxd.end() }
        var (daemon, file) = try outboxd.runWithFile()
        let first = try outboxd.insert(Row(instant: true))[0]
        #expect(gate.waitForArrivals())
        try file.set(["SMTP_URL": other.url])
        daemon.send(SIGHUP)
        #expect(daemon.waitForOutput(Self.taken))
        let second = try outboxd.insert(Row(conversation: "c2", instant: true))[0]
        #expect(other.waitForMails(1))
        #expect(former.record.mailCount == 0)
        gate.open()
        #expect(try outboxd.status(first, after: "sent").state == "sent")
        #expect(try outboxd.status(second, after: "sent").state == "sent")
        #expect(former.waitUntilAllClosed())
        #expect(former.record.mailCount == 1)
        #expect(other.record.mailCount == 1)
        #expect(former.commands.last?.verb == .quit)
    }

    /// Nobody says SIGHUP: the file is looked at, and the relay that refused the old one is tried at once
    /// instead of after half a minute.
    @Test func `a password that is rotated in its file is used by itself`() throws {
        var configuration = RelayConfiguration()
        configuration.credentials = .init(user: "alice", password: "new")
        let relay = try ScriptedRelay(configuration)
        let directory = try TemporaryDirectory()
        let secret = directory.file("password")
        try "old\n".write(toFile: secret, atomically: true, encoding: .utf8)
        let outboxd = try Outboxd(
            [
                "OUTBOXD_SMTP_URL": "smtp://alice@127.0.0.1:\(relay.port)",
                "OUTBOXD_SMTP_PASSWORD_FILE": secret,
            ], relay: relay, directory: directory)
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        try outboxd.insert(Row(instant: true))
        #expect(daemon.waitForOutput("the relay is in trouble"))
        // Written in place, with a moment in which it holds nothing.
        let handle = try #require(FileHandle(forWritingAtPath: secret))
        try handle.truncate(atOffset: 0)
        usleep(50_000)
        try handle.write(contentsOf: Data("new\n".utf8))
        try handle.close()
        #expect(relay.waitForMails(1, timeout: .seconds(15)))
        #expect(relay.commands.count { $0.verb == .auth } == 2)
        #expect(daemon.errors.contains("a file that the settings name has changed"))
        #expect(!daemon.errors.contains("can't be used"))
    }

    @Test func `bad settings are told in one line, and the old ones stand`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        var (daemon, file) = try outboxd.runWithFile()
        try file.set(["RATE": "fast", "HOLD": "soon", "FROM": "Other <other@acme.test>"])
        daemon.send(SIGHUP)
        #expect(daemon.waitForOutput("those that stood go on"))
        let line = try #require(
            daemon.errors.split(separator: "\n").first { $0.contains("those that stood go on") })
        #expect(line.contains("OUTBOXD_RATE") && line.contains("OUTBOXD_HOLD"))
        #expect(line.contains(" error "))
        try outboxd.insert(Row(helpdesk: "h9", instant: true))
        #expect(outboxd.relay.waitForMails(1))
        #expect(Self.text(outboxd.relay.mails[0]).contains("support@acme.test"))
        // Mended, they count: the sender among them.
        try file.set(["RATE": nil, "HOLD": "300ms"])
        daemon.send(SIGHUP)
        #expect(daemon.waitForOutput(Self.taken))
        try outboxd.insert(Row(conversation: "c2", helpdesk: "h9", instant: true))
        #expect(outboxd.relay.waitForMails(2))
        #expect(Self.text(outboxd.relay.mails[1]).contains("other@acme.test"))
    }

    @Test func `what needs a restart is named, and the rest counts`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        var (daemon, file) = try outboxd.runWithFile()
        try file.set([
            "DATABASE": outboxd.directory.file("other.db"), "LEASE": "1m", "LOG_LEVEL": "debug",
            "SMTP_CONNECTIONS": "900",
        ])
        daemon.send(SIGHUP)
        #expect(
            daemon.waitForOutput(
                "restart only keys=OUTBOXD_DATABASE,OUTBOXD_LEASE,OUTBOXD_SMTP_CONNECTIONS\n"))
        #expect(daemon.errors.contains("changed=OUTBOXD_SMTP_CONNECTIONS,OUTBOXD_LOG_LEVEL\n"))
        try outboxd.insert(Row(instant: true))
        #expect(outboxd.relay.waitForMails(1))
        #expect(daemon.waitForOutput("ingested new rows"))
        #expect(!FileManager.default.fileExists(atPath: outboxd.directory.file("other.db")))
    }

    @Test func `rows that wait follow another hold`() throws {
        let outboxd = try Outboxd(["OUTBOXD_HOLD": "1h"])
        defer { outboxd.end() }
        var (daemon, file) = try outboxd.runWithFile()
        let id = try outboxd.insert(Row())[0]
        #expect(try outboxd.status(id, after: "pending", "hold").reason == "hold")
        try file.set(["HOLD": "100ms"])
        daemon.send(SIGHUP)
        #expect(outboxd.relay.waitForMails(1))
        // What the environment said at the start does not come back.
        daemon.send(SIGHUP)
        #expect(daemon.waitForOutput("changed=none\n"))
    }

    @Test func `many SIGHUPs in a row cost no mail and send none twice`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        outboxd.relay.add(.on(.dot, .delay(.milliseconds(5))))
        var (daemon, file) = try outboxd.runWithFile()
        try outboxd.insert((0..<300).map { Row(conversation: "c\($0)", instant: true) })
        for number in 0..<40 {
            // Each time another way to the relay: all connections are given up.
            try file.set(["EHLO_NAME": "host\(number).test"])
            daemon.send(SIGHUP)
            usleep(20_000)
        }
        #expect(try outboxd.wait(for: 300, "sent"))
        #expect(outboxd.relay.record.mailCount == 300)
        #expect(outboxd.relay.breaches.isEmpty)
        daemon.terminate()
        #expect(daemon.waitForExit() == .code(0))
    }

    @Test func `SIGHUP while stopping changes nothing`() throws {
        let gate = Gate()
        let relay = try ScriptedRelay(rules: [.first(1, .dot, .hold(gate))])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        var (daemon, file) = try outboxd.runWithFile()
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(gate.waitForArrivals())
        daemon.terminate()
        #expect(daemon.waitForOutput("stopping"))
        try file.set(["SMTP_URL": "smtp://127.0.0.1:1"])
        daemon.send(SIGHUP)
        #expect(daemon.waitForOutput("SIGHUP while stopping"))
        gate.open()
        #expect(daemon.waitForExit() == .code(0))
        #expect(try outboxd.status(id).state == "sent")
    }

    /// Whoever mends the settings of a daemon that waits is told what it makes of them.
    @Test func `settings are looked at while the database is waited for`() throws {
        let outboxd = try Outboxd(["OUTBOXD_MIGRATE": "never"], migrated: false)
        defer { outboxd.end() }
        var (daemon, file) = try outboxd.runWithFile(until: "waiting for the database")
        try file.set(["HOLD": "zz"])
        daemon.send(SIGHUP)
        #expect(daemon.waitForOutput("the settings can't be used"))
        try file.set(["HOLD": "5s", "DATABASE": outboxd.directory.file("other.db")])
        daemon.send(SIGHUP)
        #expect(daemon.waitForOutput("count after a restart only keys=OUTBOXD_DATABASE"))
        try outboxd.command("migrate")
        #expect(daemon.waitForOutput("outboxd runs"))
    }

    /// sd_notify(3): RELOADING with the time, then READY, also where the settings are refused.
    @Test func `systemd hears when a reload begins and ends`() throws {
        let directory = try TemporaryDirectory()
        let socket = try NotifySocket(in: directory)
        let outboxd = try Outboxd(["NOTIFY_SOCKET": socket.path], directory: directory)
        defer { outboxd.end() }
        var (daemon, file) = try outboxd.runWithFile()
        /// Between them it tells how it is, now and then.
        func next() -> String {
            while true {
                let message = socket.next()
                guard message.hasPrefix("STATUS=") else { return message }
            }
        }
        #expect(next().hasPrefix("READY=1"))
        for rate in ["5/s", "fast"] {
            try file.set(["RATE": rate])
            daemon.send(SIGHUP)
            #expect(next().hasPrefix("RELOADING=1\nMONOTONIC_USEC="))
            #expect(next() == "READY=1")
        }
        daemon.terminate()
        #expect(next().hasPrefix("STOPPING=1"))
        #expect(daemon.waitForExit() == .code(0))
    }

    /// A certificate that is not trusted is a pause of half a minute; the right file ends it.
    @Test func `certificates that change in their file are used by themselves`() throws {
        let relay = try TLSRelay("starttls")
        defer { relay.stop() }
        let other = try TLSRelay("starttls")
        defer { other.stop() }
        let directory = try TemporaryDirectory()
        let trusted = directory.file("ca.pem")
        let files = FileManager.default
        try files.copyItem(atPath: other.caFile, toPath: trusted)
        let outboxd = try Outboxd(
            [
                "OUTBOXD_SMTP_URL": "smtp://localhost:\(relay.port)",
                "OUTBOXD_SMTP_TLS": "required", "OUTBOXD_SMTP_CA_FILE": trusted,
            ], directory: directory)
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(daemon.waitForOutput("can't be trusted"))
        try files.copyItem(atPath: relay.caFile, toPath: directory.file("new.pem"))
        try #require(rename(directory.file("new.pem"), trusted) == 0)
        #expect(try outboxd.status(id, after: "sent").state == "sent")
    }
}
