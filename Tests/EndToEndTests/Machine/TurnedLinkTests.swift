import Foundation
import Glibc
import TestSupport
import Testing

/// A symbolic link on the way to the database, which is made to lead to another while outboxd runs.
struct TurnedLinkTests {
    /// Leads to the other file at once: no moment is without a link.
    private func turn(_ link: String, to target: String) throws {
        let next = link + ".next"
        try FileManager.default.createSymbolicLink(atPath: next, withDestinationPath: target)
        #expect(rename(next, link) == 0)
    }

    @Test func `a daemon whose database's link is turned ends, and touches neither file`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let link = outboxd.directory.file("current.db")
        try turn(link, to: outboxd.database)
        let daemon = try outboxd.run(settings: ["OUTBOXD_DATABASE": link])
        let sent = try outboxd.insert(Row(instant: true))[0]
        #expect(try outboxd.status(sent, after: "sent").summary == "sent")
        let other = outboxd.directory.file("other.db")
        #expect(
            try outboxd.command("migrate", settings: ["OUTBOXD_DATABASE": other]).exit == .code(0))
        let octets = try Data(contentsOf: URL(filePath: other))
        try turn(link, to: other)
        #expect(daemon.waitForExit() == .code(74))
        #expect(daemon.errors.contains("another database file has taken the place"))
        #expect(try Data(contentsOf: URL(filePath: other)) == octets)
        // What comes now waits for the next daemon on it.
        let late = try outboxd.insert(Row(conversation: "c2", instant: true))[0]
        try outboxd.run()
        #expect(try outboxd.status(late, after: "sent").summary == "sent")
    }
}
