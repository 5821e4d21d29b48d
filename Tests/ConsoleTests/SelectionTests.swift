import Delivery
import Foundation
import SQLite
import Store
import TestSupport
import Testing

@testable import Console

/// The same selection on all commands, asked of the built binary.
struct SelectionTests {
    private let outbox: Outbox

    init() throws {
        outbox = try Outbox()
        try outbox.add(helpdesk: "acme", conversation: "c1", message: "r1", to: "ann@one.test")
        try outbox.add(helpdesk: "acme", conversation: "c2", message: "r2", to: "Ben@Two.test")
        try outbox.add(
            helpdesk: "other", conversation: "c3", message: "r3", to: "eve@two.test",
            createdAt: outbox.now - .seconds(7_200))
    }

    private func ids(_ arguments: String...) throws -> [Int] {
        let result = try OutboxdBinary.run(
            ["list", "--json"] + arguments, environment: ["OUTBOXD_DATABASE": outbox.path])
        #expect(result.errors.isEmpty, "\(arguments)")
        let rows = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        return (rows as? [[String: Any]] ?? []).compactMap { $0["id"] as? Int }
    }

    @Test func `each option narrows it down`() throws {
        #expect(try ids() == [3, 2, 1])
        #expect(try ids("--helpdesk", "acme") == [2, 1])
        #expect(
            try ids("--domain", "two.test") == [3, 2] && ids("--domain", "@TWO.test") == [3, 2])
        #expect(try ids("--recipient", " BEN@two.test") == [2])
        #expect(try ids("--message-id", "r3") == [3])
        #expect(try ids("--since", "1h") == [2, 1] && ids("--until", "1h") == [3])
        #expect(try ids("--older-than", "1h") == [3] && ids("--older-than", "3h").isEmpty)
        #expect(try ids("1", "3") == [3, 1] && ids("3", "--helpdesk", "acme").isEmpty)
        #expect(try ids("--limit", "1") == [3])
    }

    @Test func `of rows that are taken in, too`() throws {
        try outbox.ingest()
        try `each option narrows it down`()
    }

    @Test func `of rows that have ended, by what the relay said and by Message-ID`() throws {
        let error = DeliveryError(
            stage: .rcpt, code: 554, enhanced: EnhancedStatusCode(5, 7, 1),
            text: "5.7.1 <ann@one.test>: Relay access denied")
        try outbox.finish(.failed(.rejected), error: error)
        try `each option narrows it down`()
        #expect(try ids("--error", "relay ACCESS denied") == [3, 2, 1])
        #expect(try ids("--error", "rcpt: 554").count == 3 && ids("--error", "greylisted").isEmpty)
        let messageID = try #require(
            try outbox.reader.list(.init(), limit: 3, at: outbox.now).last?.emailMessageID)
        #expect(try ids(messageID) == [1] && ids(String(messageID.dropFirst().dropLast())) == [1])
        #expect(try ids("--message-id", messageID) == [1])
        let unknown = try outbox.run("list", "<x@y.test>")
        #expect(unknown.exit == .code(65) && unknown.errors.contains("no row has the Message-ID"))
    }

    @Test(arguments: [
        (["--state", "sent", "--reason", "hold"], "no row can match"),
        (["--since", "1h", "--until", "2h"], "no row can match"),
        (["--since", "yesterday"], "a time such as 2h"), (["--older-than", ""], "a time such as"),
        (["--reason", "dfered"], "did you mean deferred?"),
    ])
    func `what no row can be is said, and changes nothing`(
        arguments: [String], hint: String
    ) throws {
        for command in ["list", "retry", "cancel"] {
            let result = try OutboxdBinary.run(
                [command] + arguments, environment: ["OUTBOXD_DATABASE": outbox.path])
            #expect(result.exit == .code(64) && result.isOneComplaint, "\(command) \(arguments)")
            #expect(result.errors.contains(hint), "\(result.errors)")
        }
    }

    // MARK: What is done with it

    @Test func `a change needs a selection, and says beforehand what it would do`() throws {
        let nothing = try outbox.run("cancel")
        #expect(nothing.exit == .code(64) && nothing.errors.contains("nothing is selected"))
        let dry = try outbox.run("cancel", "--helpdesk", "acme", "--dry-run")
        #expect(
            dry.output.hasPrefix("2 rows would be cancelled\n") && dry.output.contains("2  acme"))
        let json = try outbox.run("cancel", "--all", "--dry-run", "--json").output
        #expect(json.contains("\"would_be_cancelled\": 3"))
        #expect(try ids("--state", "skipped").isEmpty)
        let done = try outbox.run("cancel", "--helpdesk", "acme", "--why", "stale by now")
        #expect(done.output == "2 rows are cancelled\n" && done.exit == .code(0))
        try outbox.ingest()
        _ = try outbox.claim()
        #expect(try outbox.run("show", "1").output.contains("cancelled by "))
        #expect(try outbox.run("show", "1").output.contains(": stale by now"))
    }

    @Test func `what can't be done is told for each row that was named`() throws {
        try outbox.finish(.sent)
        let result = try outbox.run("retry", "1", "77")
        #expect(result.exit == .code(65) && result.output == "0 rows are tried again\n")
        #expect(result.errors.contains("row 1 is sent: it stays so"))
        #expect(result.errors.contains("there is no row 77"))
        let all = try outbox.run("retry", "--all")
        #expect(all.exit == .code(0) && all.output == "0 rows are tried again\n")
        #expect(all.errors.contains("left out: 3 sent; failed rows and deferred ones are tried"))
    }

    @Test(arguments: ["retry", "cancel"])
    func `a dry run refuses what the real one refuses`(command: String) throws {
        try outbox.finish(.sent)
        let dry = try outbox.run(command, "1", "77", "--dry-run")
        #expect(dry.exit == .code(65) && dry.output.hasPrefix("no row would be "))
        #expect(dry.errors.contains("row 1 is sent: it stays so"))
        #expect(dry.errors.contains("there is no row 77"))
        let json = try outbox.run(command, "1", "77", "--dry-run", "--json")
        #expect(json.exit == .code(65) && json.output.contains("is sent: it stays so"))
        #expect(json.output.contains("\"unknown\""))
    }

    @Test func `a selection leaves out what was cancelled already`() throws {
        try outbox.connection.execute("UPDATE outbox SET cancelled_at = 5 WHERE id = 1")
        let dry = try outbox.run("cancel", "--all", "--dry-run")
        #expect(dry.output.hasPrefix("2 rows would be cancelled\n"))
        #expect(try outbox.run("cancel", "--all").output == "2 rows are cancelled\n")
        let again = try outbox.run("cancel", "--all")
        #expect(again.output == "0 rows are cancelled\n" && again.exit == .code(0))
        #expect(again.errors.contains("left out: 3 pending: ") && !again.errors.contains("row 1"))
    }

    @Test func `an invalid row is corrected before it is tried again`() throws {
        try outbox.add(conversation: "c9", to: "no address")
        try outbox.ingest()
        for arguments in [["retry", "4"], ["retry", "4", "--dry-run"]] {
            let result = try OutboxdBinary.run(
                arguments, environment: ["OUTBOXD_DATABASE": outbox.path])
            #expect(result.exit == .code(65), "\(arguments)")
            #expect(
                result.errors.contains(
                    "row 4 can't be sent as it stands: correct it first, then retry it: recipient_email: "
                ))
        }
        #expect(try outbox.run("retry", "--all").output == "0 rows are tried again\n")
        try outbox.connection.execute("UPDATE outbox SET recipient_email = 'a@b.test' WHERE id = 4")
        #expect(try outbox.run("retry", "4").output == "1 row is tried again\n")
        #expect(try ids("--state", "failed").isEmpty)
        #expect(try outbox.run("show", "4").output.contains("failed (invalid_address)"))
    }

    @Test func `prune tells of rows that were named and stay`() throws {
        try outbox.finish(.sent)
        let arguments = ["prune", "1", "77", "--older-than", "1h"]
        for more in [[], ["--dry-run"]] {
            let result = try OutboxdBinary.run(
                arguments + more, environment: ["OUTBOXD_DATABASE": outbox.path])
            #expect(result.exit == .code(65))
            #expect(result.errors.contains("there is no row 77"))
            #expect(result.errors.contains("row 1 ended at "))
        }
    }

    // MARK: Groups

    @Test func `rows are counted by what they have in common`() throws {
        func lines(_ what: String) throws -> [String] {
            let result = try outbox.run("list", "--group-by", what)
            return result.output.split(separator: "\n").map(String.init)
        }
        #expect(
            try lines("helpdesk").map { $0.split(separator: " ").last } == [
                "HELPDESK", "acme", "other",
            ])
        #expect(try lines("domain").last?.hasSuffix("one.test") == true)
        #expect(try lines("reason").contains { $0.hasSuffix("pending: queued") })
        let ages = try lines("age")
        #expect(ages[0].split(separator: " ").prefix(3) == ["T", "5", "10"])
        #expect(
            ages[1].split(separator: " ") == [
                "3", "2", "0", "0", "0", "0", "1", "0", "0", "0", "0", "TOTAL",
            ])
        let wrong = try outbox.run("list", "--group-by", "colour")
        #expect(wrong.exit == .code(64))
    }

    @Test(arguments: [
        ("rcpt: 550 5.1.1 <ann@one.test>: no such user", "rcpt: 550 5.1.1 <address> no such user"),
        ("rcpt: 451 4.7.1 ann@one.test greylisted", "rcpt: 451 4.7.1 <address> greylisted"),
        ("final: 451 4.3.0 queue file 4B1A2C3D90 is full", "final: 451 4.3.0 queue file … is full"),
        ("connect: no route to 192.0.2.17", "connect: no route to 192.0.2.17"), ("", ""),
        ("mail: it needs SMTPUTF8 and TLS1.3", "mail: it needs SMTPUTF8 and TLS1.3"),
    ])
    func `what differs from recipient to recipient is taken out`(line: String, kind: String) {
        #expect(ErrorKind.text(of: line, recipient: "ANN@one.test") == kind)
    }

    @Test(arguments: [
        (0, "5"), (299, "5"), (300, "10"), (4_799, "80"), (76_799, "1280"), (76_800, "1280+"),
    ])
    func `ages double`(seconds: Int64, title: String) {
        #expect(AgeClass(of: .seconds(seconds)).title == title)
    }
}
