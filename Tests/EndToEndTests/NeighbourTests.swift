import Delivery
import Foundation
import SQLite
import TestSupport
import Testing

/// Who misbehaves × who must not notice (contract, section 3: "Neighbours"): beside each kind of trouble an
/// innocent helpdesk's instant mails arrive as if nothing were.
///
/// Each case has a test of its own elsewhere; here it is the delay that counts. The aim is 100 ms; the
/// bound is wide, since tests share the machine. `OUTBOXD_FIGURES=1` prints what was measured.
@Suite(.serialized)
struct NeighbourTests {
    enum Trouble: String, CaseIterable, Sendable {
        case none
        case row, mail, recipient, recipientTemporary, sender, senderContent
        case tenantPaused, tenantInstant, tenantHeld, noSender
        case foreignTable, view, slowMail, flood
        case anotherRelay, frozenProcess, killedProcess, strangeFiles
    }

    @Test(arguments: Trouble.allCases)
    func `an innocent mail does not notice`(trouble: Trouble) throws {
        let outboxd = try outboxd(with: trouble)
        defer { outboxd.end() }
        try prepare(trouble, outboxd)
        let daemon = try outboxd.run()
        try misbehave(trouble, outboxd)
        var delays: [Duration] = []
        for number in 0..<20 {
            let began = TestClock.steady
            let id = try outboxd.insert(
                Row(
                    to: "innocent@example.test", conversation: "i\(number)", helpdesk: "innocent",
                    instant: true))[0]
            let status = try outboxd.status(id, after: "sent", timeout: .seconds(10))
            try #require(status.summary == "sent", "\(trouble): \(daemon.errors.suffix(3_000))")
            delays.append(TestClock.steady - began)
        }
        delays.sort()
        #expect(delays[10] < .milliseconds(500), "\(trouble): \(delays)")
        #expect(delays[19] < .seconds(3), "\(trouble): \(delays)")
        tell(trouble, delays)
    }

    private func tell(_ trouble: Trouble, _ delays: [Duration]) {
        guard ProcessInfo.processInfo.environment["OUTBOXD_FIGURES"] != nil else { return }
        let median = delays[delays.count / 2].inMilliseconds
        let most = delays[delays.count - 1].inMilliseconds
        print("neighbour \(trouble.rawValue): median \(median) ms, most \(most) ms")
    }

    // MARK: The relay

    private func outboxd(with trouble: Trouble) throws -> Outboxd {
        try Outboxd(relay: ScriptedRelay(rules: rules(trouble)))
    }

    private func rules(_ trouble: Trouble) -> [RelayRule] {
        switch trouble {
        case .recipient:
            [.at(recipient: "bad@example.test", .replyThenClose(421, "4.3.2 Not you"))]
        case .recipientTemporary: [.at(recipient: "bad@example.test", .reply(451, "4.3.0 Later"))]
        case .sender: [.refuse(sender: "bad@acme.test", 530, "5.7.0 Authenticate")]
        case .senderContent: [.refuse(sender: "bad@acme.test", 554, "5.7.1 Spam")]
        case .foreignTable: [.refuse(recipient: "bad@example.test")]
        case .slowMail: [.at(recipient: "bad@example.test", .silence)]
        case .flood:
            [.at(recipient: "bad@example.test", .flood("250-more\r\n"))]
        default: []
        }
    }

    // MARK: Before the daemon starts

    private func prepare(_ trouble: Trouble, _ outboxd: Outboxd) throws {
        switch trouble {
        case .foreignTable:
            try outboxd.sql("ALTER TABLE suppressions ADD COLUMN tenant TEXT NOT NULL DEFAULT ''")
            try outboxd.sql(
                """
                CREATE TRIGGER refuse BEFORE INSERT ON suppressions BEGIN
                    SELECT RAISE(ABORT, 'not you'); END
                """)
        case .view:
            try outboxd.sql(
                """
                ALTER TABLE read_markers RENAME TO raw_markers;
                CREATE VIEW read_markers AS SELECT helpdesk_id, conversation_id, reader_email,
                    iif(helpdesk_id = 'bad', json_extract('x', '$'), last_read_at) AS last_read_at
                    FROM raw_markers;
                INSERT INTO raw_markers VALUES ('bad', 'c0', 'bad@example.test', 1)
                """)
        case .mail:
            try outboxd.sql(
                """
                CREATE TRIGGER refuse BEFORE UPDATE ON outboxd_mails
                WHEN NEW.helpdesk_id = 'bad' AND NEW.phase = 1 BEGIN SELECT RAISE(ABORT, 'no'); END;
                CREATE TRIGGER refuse_new BEFORE INSERT ON outboxd_mails
                WHEN NEW.helpdesk_id = 'bad' AND NEW.phase = 1 BEGIN SELECT RAISE(ABORT, 'no'); END
                """)
        case .tenantPaused:
            try outboxd.sql(
                "INSERT INTO helpdesks (id, name, from_address, paused) VALUES ('bad', 'B', 'b@b.test', 1)"
            )
        case .noSender:
            try outboxd.sql(
                "INSERT INTO helpdesks (id, name, from_address) VALUES ('bad', 'B', '')")
        default:
            try outboxd.sql(
                "INSERT INTO helpdesks (id, name, from_address) VALUES ('bad', 'B', 'bad@acme.test')"
            )
        }
    }

    // MARK: Beside it

    private func bad(_ count: Int, instant: Bool = true, body: String = "Hi", age: Int64 = 0)
        -> [Row]
    {
        (0..<count).map {
            Row(
                to: "bad@example.test", conversation: "c\($0)", body: body, helpdesk: "bad",
                instant: instant, createdAt: TestClock.wall.milliseconds - age)
        }
    }

    private func misbehave(_ trouble: Trouble, _ outboxd: Outboxd) throws {
        switch trouble {
        case .none: break
        case .row: try outboxd.insert(bad(5, body: String(repeating: "long ", count: 2_000_000)))
        case .tenantPaused, .noSender:
            try outboxd.insert(bad(20_000, instant: false, age: 3_600_000))
        case .tenantInstant: try outboxd.insert(bad(5_000))
        case .tenantHeld: try outboxd.insert(bad(5_000, instant: false, age: 3_600_000))
        case .anotherRelay: try drainThroughAnother(outboxd)
        case .frozenProcess, .killedProcess: try loseProcess(trouble, outboxd)
        case .strangeFiles: try strangeFiles(outboxd)
        case .slowMail, .flood: try outboxd.insert(bad(1))
        default: try outboxd.insert(bad(20))
        }
    }

    private func drainThroughAnother(_ outboxd: Outboxd) throws {
        let other = try ScriptedRelay(rules: [.on(.mail, .reply(553, "5.7.1 Not from here"))])
        defer { other.stop() }
        try outboxd.sql("UPDATE helpdesks SET paused = 0")
        try outboxd.insert(bad(10, instant: false))
        _ = try outboxd.command("drain", "--now", "--smtp-url", other.url)
    }

    /// Another daemon, with mails in its hands, freezes or dies.
    private func loseProcess(_ trouble: Trouble, _ outboxd: Outboxd) throws {
        let gate = Gate()
        outboxd.relay.addOnce(.at(recipient: "bad@example.test", .hold(gate)))
        defer { gate.open() }
        let other = try outboxd.start("run")
        guard other.waitForOutput("outboxd runs") else { throw Unexpected("\(other.errors)") }
        try outboxd.insert(bad(20))
        _ = gate.waitForArrivals(1)
        guard trouble == .frozenProcess else { return other.kill() }
        try outboxd.freeze(other)
    }

    private func strangeFiles(_ outboxd: Outboxd) throws {
        let name = outboxd.database + "-outboxd-"
        try FileManager.default.copyItem(atPath: outboxd.database, toPath: name + "backup")
        try FileManager.default.createDirectory(
            atPath: name + "00ff", withIntermediateDirectories: false)
        mkfifo(name + "01", 0o600)
        try FileManager.default.createSymbolicLink(
            atPath: name + "02", withDestinationPath: outboxd.database)
    }
}
