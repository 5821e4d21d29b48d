import Foundation
import Glibc
import TestSupport
import Testing

/// The in-flight journal, a file beside the database, under somebody's hands while it is needed.
struct NotesFileTests {
    enum Deed: String, CaseIterable, Sendable {
        case halved, replaced, directory, deleted
    }

    private static func perform(_ deed: Deed, on file: String) throws {
        switch deed {
        case .halved:
            var status = stat()
            guard stat(file, &status) == 0, truncate(file, status.st_size / 2) == 0 else {
                throw Unexpected("can't halve \(file)")
            }
        case .replaced:
            try FileManager.default.copyItem(atPath: file, toPath: file + ".new")
            guard rename(file + ".new", file) == 0 else {
                throw Unexpected("can't replace \(file)")
            }
        case .directory:
            unlink(file)
            guard mkdir(file, 0o700) == 0 else { throw Unexpected("can't make \(file)") }
        case .deleted: unlink(file)
        }
    }

    @Test(arguments: Deed.allCases)
    func `at the dot, the mail under way is recorded and the process ends`(deed: Deed) throws {
        let gate = Gate()
        let relay = try ScriptedRelay(rules: [.first(4, .dot, .hold(gate))])
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        try outboxd.insert((0..<20).map { Row(conversation: "c\($0)", instant: true) })
        #expect(gate.waitForArrivals(4))
        try Self.perform(deed, on: #require(try outboxd.journalFiles().first))
        gate.open()
        #expect(daemon.waitForExit(timeout: .seconds(20)) == .code(74))
        #expect(daemon.errors.contains("the notes that outboxd keeps beside the database"))
        try outboxd.run()
        #expect(try outboxd.wait(for: 20, "sent"))
        #expect(Set(relay.mails.map(\.messageID)).count == 20)
        // Where the memory behind the notes is gone, nobody knows of any claimed mail what became of it: all are
        // uncertain, and those that were at their dots go out again.
        let copies = relay.record.mailCount - 20
        #expect(copies <= (deed == .halved ? 4 : 0))
        let uncertain = try outboxd.values("SELECT id FROM outbox_status WHERE uncertain").count
        #expect(copies <= uncertain && (uncertain == 0 || deed == .halved))
    }

    /// It is looked at once a second, so that it does not come out with the next mail only.
    @Test(arguments: Deed.allCases)
    func `idle, the process ends before it begins a mail`(deed: Deed) throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        let first = try outboxd.insert(Row(instant: true))[0]
        #expect(try outboxd.status(first, after: "sent").summary == "sent")
        try Self.perform(deed, on: #require(try outboxd.journalFiles().first))
        #expect(daemon.waitForExit(timeout: .seconds(20)) == .code(74))
        let id = try outboxd.insert(Row(conversation: "c2", instant: true))[0]
        try outboxd.run()
        #expect(try outboxd.status(id, after: "sent").summary == "sent")
        #expect(outboxd.relay.record.mailCount == 2)
    }
}
