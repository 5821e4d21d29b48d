import Crash
import Delivery
import Foundation
import Glibc
import SQLite
import TestSupport
import Testing

/// Plays a case: sets the scene, lets a process die, and lets another go on.
final class CrashStage {
    private let line: CrashLine
    private let victim: CrashLine.Victim
    private var scene: CrashScene { line.scene }
    /// Holds the mail of the process that is stopped.
    private let gate = Gate()
    private let relay: ScriptedRelay
    private let outboxd: Outboxd
    private var rows: [Int64] = []
    /// Mails that the relay had before the scene began.
    private var mailsBefore = 0
    private var living: [ChildProcess] = []
    /// Of a database that is upgraded.
    private var countsBefore: [String: Int] = [:]

    init(_ one: CrashCase) throws {
        line = one.line
        victim = one.victim
        relay = try ScriptedRelay()
        switch line.answer {
        case .accepts: break
        case .refuses: relay.addOnce(.on(.dot, .reply(550, "5.1.1 User unknown")))
        case .defers: relay.addOnce(.on(.dot, .reply(451, "4.3.0 Later")))
        }
        if line.scene == .frozen { relay.add(.first(1, .rcpt, .hold(gate))) }
        outboxd = try Outboxd(
            ["OUTBOXD_POLL_INTERVAL": "100ms"].merging(line.scene.settings) { $1 }, relay: relay,
            migrated: false)
        if ![.newDatabase, .oldDatabase].contains(line.scene) {
            try Self.migrated.get().write(to: URL(filePath: outboxd.database))
        }
    }

    /// A database that no process has worked on: made once, since a hundred cases begin with one.
    private static let migrated = Result {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        return try Data(contentsOf: URL(filePath: outboxd.database))
    }

    /// - Returns: how many mails the relay had accepted when the process was dead, and what was left in the end.
    func play() throws -> (had: Int, end: CrashEnd) {
        defer {
            gate.open()
            outboxd.end()
        }
        try prepare()
        try letDie()
        let had = try mailsAtDeath()
        try goOn()
        let end = try end()
        try checkWhatIsLeft()
        return (had, end)
    }

    // MARK: Setting the scene

    private func prepare() throws {
        switch scene {
        case .newDatabase: break
        case .instant, .start, .leaving, .backup:
            // One of two gets it when both run.
            if victim != .runBeside { try insert(Row(instant: true)) }
        case .held, .hastened: try insert(Row())
        case .large: try insert(Row(body: String(repeating: "x", count: 60_000), instant: true))
        case .takeover(let point):
            try insert(Row(instant: true))
            try start(["run"], dyingAt: "\(point)")
            #expect(relay.waitUntilAllClosed(timeout: .seconds(20)))
        case .frozen:
            let first = try outboxd.run()
            try insert(Row(instant: true))
            #expect(gate.waitForArrivals(timeout: .seconds(20)))
            try outboxd.freeze(first)
            living.append(first)
        case .orphan:
            try insert(Row(instant: true))
            try start(["run"], dyingAt: "journalMade")
        case .oldRows:
            let connection = try Connection(path: outboxd.database, mode: .readWrite)
            let longAgo = TestClock.wall + .seconds(-40 * 86_400)
            rows += Array(try FinishedRows.insert(3, into: connection, finishedAt: longAgo))
        case .otherHold:
            let before = try outboxd.run()
            try insert(Row())
            try waitUntilTakenIn()
            stop(before)
        case .restored:
            let before = try outboxd.run()
            let sent = try outboxd.insert(Row(conversation: "before", instant: true))[0]
            #expect(try outboxd.status(sent, after: "sent").state == "sent")
            stop(before)
            mailsBefore = 1
            #expect(unlink(outboxd.database + "-outboxd-epoch") == 0)
            try insert(Row(instant: true))
        case .oldDatabase:
            try Connection(path: outboxd.database, mode: .create)
                .execute(OldTables.sql(ofStep: 1))
            countsBefore = try outboxd.counts()
        }
    }

    private func insert(_ row: Row) throws { rows += try outboxd.insert(row) }

    /// Before, the view says of a row what will become of it.
    private func waitUntilTakenIn() throws {
        let isTakenIn = try eventually(timeout: .seconds(20)) {
            try !outboxd.values("SELECT id FROM outboxd_rows").isEmpty
        }
        #expect(isTakenIn)
    }

    private func stop(_ process: ChildProcess) {
        process.terminate()
        #expect(process.waitForExit(timeout: .seconds(20)) == .code(0), "\(process.errors)")
    }

    // MARK: The death

    private var copy: String { outboxd.directory.file("copy.db") }

    private var arguments: [String] {
        switch victim {
        case .run, .runBeside: ["run"]
        case .drain: ["drain"]
        case .prune: ["prune", "--older-than", "30d", "--yes"]
        case .migrate: ["migrate"]
        case .backup: ["backup", copy]
        case .resume: ["resume", "--restored"]
        }
    }

    private func letDie() throws {
        let process = try outboxd.start(
            arguments,
            settings: ["TEST_OUTBOXD_CRASH_AT": line.place].merging(scene.laterSettings) { $1 })
        switch scene {
        case .instant where victim == .runBeside: try insertUntilItDies(process)
        case .hastened:
            try waitUntilTakenIn()
            try outboxd.sql("UPDATE outbox SET instant = 1")
        case .leaving where victim == .run:
            #expect(try outboxd.status(rows[0], after: "sent").state == "sent")
            process.terminate()
        default: break
        }
        try expectDeath(process, line.place)
    }

    private func start(_ arguments: [String], dyingAt place: String) throws {
        let process = try outboxd.start(
            arguments, settings: ["TEST_OUTBOXD_CRASH_AT": place])
        try expectDeath(process, place)
    }

    private func expectDeath(_ process: ChildProcess, _ place: String) throws {
        let exit = process.waitForExit(timeout: .seconds(20))
        guard exit == .signal(SIGKILL) else {
            throw Unexpected("it did not die at \(place): \(process.errors)")
        }
    }

    /// One row after the other, until the one of the two that is to die has had its own.
    private func insertUntilItDies(_ process: ChildProcess) throws {
        #expect(process.waitForOutput("outboxd runs", timeout: .seconds(20)))
        living.append(try outboxd.run())
        for number in 1...500 where process.exit == nil {
            let id = try outboxd.insert(Row(conversation: "c\(number)", instant: true))[0]
            rows.append(id)
            let isSettled = try eventually(timeout: .seconds(20)) {
                try process.exit != nil || outboxd.status(id).state == "sent"
            }
            #expect(isSettled)
        }
    }

    private func mailsAtDeath() throws -> Int {
        // The other has sent some, too.
        if victim == .runBeside { return line.had }
        if scene != .frozen { #expect(relay.waitUntilAllClosed(timeout: .seconds(20))) }
        return relay.record.mailCount - mailsBefore
    }

    // MARK: What goes on

    private func goOn() throws {
        switch scene {
        case .oldDatabase:
            #expect(try outboxd.command("migrate").exit == .code(0))
            return
        case .backup: try checkCopy()
        default: break
        }
        // The copy is the first one's octets all the same.
        if line.end.mails == 2, victim != .runBeside {
            try outboxd.sql("UPDATE outbox SET body_text = 'another text'")
        }
        if victim != .runBeside {
            living.append(try outboxd.run(settings: scene.laterSettings))
        }
        switch scene {
        case .newDatabase: try insert(Row(instant: true))
        case .restored:
            let status = try outboxd.status(rows[0], after: "pending", "restored")
            #expect(status.summary == "pending/restored")
            #expect(try outboxd.command("resume", "--restored").exit == .code(0))
        case .frozen:
            #expect(try outboxd.status(rows[0], after: "sent").state == "sent")
            gate.open()
            living[0].send(SIGCONT)
        default: break
        }
    }

    /// One that has its name is whole; what has none is in nobody's way.
    private func checkCopy() throws {
        let hasName = access(copy, F_OK) == 0
        #expect(hasName == (line.point == .copyNamed))
        if !hasName { #expect(try outboxd.command("backup", copy).exit == .code(0)) }
        let connection = try Connection(path: copy, mode: .readOnly)
        #expect(try connection.integrityFault { true } == nil)
        let count = try connection.statement("SELECT count(*) FROM outbox").first { $0.int(0) }
        #expect(count == 1)
    }

    // MARK: The end

    private func end() throws -> CrashEnd {
        switch scene {
        case .oldRows:
            let isGone = try eventually(timeout: .seconds(20)) { try outboxd.counts().isEmpty }
            return CrashEnd(row: isGone ? "pruned" : "still there", mails: mails)
        case .oldDatabase:
            let counts = try outboxd.counts()
            let isSame = counts == countsBefore && !counts.isEmpty
            return CrashEnd(row: isSame ? "as before" : "\(counts)", mails: mails)
        default:
            let state = String(line.end.row.prefix { $0 != "/" })
            let all = try rows.map { try outboxd.status($0, after: state, timeout: .seconds(20)) }
            let messages = Dictionary(grouping: relay.mails) { $0.messageID ?? "" }
            for copies in messages.values { #expect(Set(copies.map(\.data)).count == 1) }
            for status in all where status.state == "sent" {
                #expect(messages[status.emailMessageID ?? ""] != nil)
            }
            #expect(relay.breaches.isEmpty)
            let others = all.dropLast().filter { $0.summary == "sent" }.count
            return CrashEnd(
                row: (all.first { $0.summary != "sent" } ?? all[0]).summary,
                isUncertain: all.contains(where: \.uncertain), mails: mails - others)
        }
    }

    private var mails: Int { relay.record.mailCount - mailsBefore }

    /// Those that went on end as they should, and nothing of the dead is left.
    private func checkWhatIsLeft() throws {
        // One that goes on tidies up once a minute where the dead one has left no mail.
        let most = victim == .runBeside ? 1 : 0
        // A mail may be settled before the one that settles it has tidied up.
        let isTidy = try eventually(timeout: .seconds(20)) {
            try outboxd.journalFiles().count <= living.count + most
        }
        #expect(isTidy)
        for process in living { stop(process) }
        #expect(try outboxd.journalFiles().count <= most)
        #expect(access(outboxd.database + "-outboxd-epoch.new", F_OK) != 0)
        // What the old edition's own death has left is a daemon's to take over.
        if scene != .oldDatabase {
            #expect(access(outboxd.database + "-outboxd-epoch", F_OK) == 0)
            #expect(try outboxd.values("SELECT id FROM outboxd_instances").count <= most)
        }
        let check = try outboxd.command("check")
        #expect(!check.output.contains("totals") && check.exit == .code(0), "\(check.output)")
    }
}
