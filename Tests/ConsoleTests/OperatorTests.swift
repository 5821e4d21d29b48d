import Delivery
import SQLite
import Store
import TestSupport
import Testing

/// `resolve`, `pause`, `resume`.
struct OperatorTests {
    private func held() throws -> Outbox {
        let outbox = try Outbox()
        try outbox.add(conversation: "c1")
        try outbox.add(conversation: "c1")
        try outbox.add(conversation: "c2")
        try outbox.finish(.uncertain(dueAt: nil, frozen: nil))
        return outbox
    }

    private func states(_ outbox: Outbox) throws -> [String] {
        try outbox.reader.list(.init(), limit: 99, at: outbox.now).reversed().map {
            "\($0.state) \($0.reason ?? "-")"
        }
    }

    @Test func `resolve --sent settles the whole mail, named by any of its rows`() throws {
        let outbox = try held()
        let result = try outbox.run("resolve", "1", "2", "--sent")
        #expect(result.exit == .code(0) && result.errors.isEmpty)
        #expect(
            result.output == """
                row 1: mail 1 (with row 2) counts as sent
                row 2: is in the same mail as row 1, settled with it

                """)
        #expect(try states(outbox) == ["sent -", "sent -", "pending uncertain"])
    }

    @Test func `resolve --resend makes the mail due again`() throws {
        let outbox = try held()
        let result = try outbox.run("resolve", "--resend", "3")
        #expect(result.exit == .code(0))
        #expect(result.output == "row 3: mail 2 goes out again\n")
        #expect(try states(outbox)[2] == "pending deferred")
        #expect(try outbox.claim(at: outbox.now + .seconds(60)).map(\.mailID) == [2])
    }

    @Test func `What can't be resolved is said, the rest is done`() throws {
        let outbox = try held()
        try outbox.add(conversation: "c3")
        let result = try outbox.run("resolve", "77", "4", "3", "--sent")
        #expect(result.exit == .code(65))
        #expect(result.errors.contains("there is no row 77"))
        #expect(result.errors.contains("row 4 is not held: it was not ingested yet"))
        #expect(result.output == "row 3: mail 2 counts as sent\n")
        let again = try outbox.run("resolve", "3", "--resend")
        #expect(again.exit == .code(65) && again.isOneComplaint)
        #expect(again.errors.contains("row 3 is not held as uncertain, it is sent"))
    }

    @Test func `resolve --dry-run says the same, and settles nothing`() throws {
        let outbox = try held()
        try outbox.add(conversation: "c3")
        let dry = try outbox.run("resolve", "77", "4", "3", "--sent", "--dry-run")
        #expect(dry.exit == .code(65) && dry.output.hasPrefix("1 row would count as sent\n"))
        #expect(dry.errors.contains("there is no row 77"))
        #expect(dry.errors.contains("row 4 is not held: it was not ingested yet"))
        #expect(try states(outbox)[2] == "pending uncertain")
        _ = try outbox.run("resolve", "3", "--sent")
        let sent = try outbox.run("resolve", "3", "--resend", "--dry-run")
        #expect(sent.exit == .code(65) && sent.output == "no row would be sent again\n")
        #expect(sent.errors.contains("row 3 is not held as uncertain, it is sent"))
    }

    @Test(arguments: [["1"], ["1", "--sent", "--resend"], ["--sent"], ["one", "--sent"]])
    func `resolve wants ids and one of the two`(arguments: [String]) throws {
        let outbox = try held()
        let result = try OutboxdBinary.run(
            ["resolve"] + arguments, environment: ["OUTBOXD_DATABASE": outbox.path])
        #expect(result.exit == .code(64) && result.isOneComplaint)
        #expect(try states(outbox)[0] == "pending uncertain")
    }

    @Test func `Pauses begin and end once, and say what else holds`() throws {
        let outbox = try Outbox()
        try outbox.add(helpdesk: "h1")
        #expect(
            try outbox.run("pause").output
                == "everything is paused; `outboxd resume` ends it\n")
        let again = try outbox.run("pause").output
        #expect(again.hasPrefix("everything was paused already by ") && again.contains(" since 2"))
        #expect(
            try outbox.run("pause", "--helpdesk", "h1").output == """
                helpdesk h1 is paused; `outboxd resume --helpdesk h1` ends it
                also paused: everything

                """)
        #expect(try states(outbox) == ["pending paused"])
        #expect(
            try outbox.run("resume").output
                == "everything is not paused any more\nstill paused: helpdesk h1\n")
        #expect(
            try outbox.run("resume", "--helpdesk", "h1").output
                == "helpdesk h1 is not paused any more\n")
        #expect(
            try outbox.run("resume", "--helpdesk", "h1").output
                == "helpdesk h1 was not paused by an operator\n")
        #expect(try outbox.run("resume").output == "no operator had paused everything\n")
        #expect(try states(outbox) == ["pending queued"])
    }

    @Test func `resume --dry-run promises what resume then does`() throws {
        let outbox = try Outbox()
        try outbox.add(helpdesk: "h1")
        try outbox.add(helpdesk: "h2")
        func dry(_ arguments: String...) throws -> String {
            try OutboxdBinary.run(
                ["resume", "--dry-run"] + arguments, environment: ["OUTBOXD_DATABASE": outbox.path]
            ).output
        }
        _ = try outbox.run("pause", "--helpdesk", "h1")
        #expect(
            try dry() == "no operator had paused everything\nstill paused: helpdesk h1\n")
        #expect(
            try dry("--helpdesk", "h2").hasPrefix("helpdesk h2 was not paused by an operator\n"))
        #expect(
            try dry("--helpdesk", "h1").hasPrefix("1 row would go on if nothing else holds them\n"))
        _ = try outbox.run("pause")
        #expect(
            try dry("--helpdesk", "h1")
                == "no row would go on if nothing else holds them\nstill paused: everything\n")
        let all = try dry()
        #expect(all.hasPrefix("1 row would go on") && all.contains("1  h2"))
        #expect(all.hasSuffix("still paused: helpdesk h1\n"))
        #expect(try outbox.reader.pauses().count == 2)
    }

    @Test func `A helpdesk that nobody knows is paused with a word of doubt`() throws {
        let outbox = try Outbox()
        let result = try outbox.run("pause", "--helpdesk", "typo")
        #expect(result.exit == .code(0) && result.errors.contains("names helpdesk typo so far"))
        #expect(try outbox.reader.pauses().map(\.helpdeskID) == ["typo"])
        // The empty id would be everything.
        #expect(try outbox.run("pause", "--helpdesk", "").exit == .code(64))
    }

    @Test func `The API server's pause is not the operator's to end`() throws {
        let outbox = try Outbox()
        try outbox.connection.execute(
            "INSERT INTO helpdesks (id, name, from_address, paused) VALUES ('h1', 'N', 'n@x.test', 1)"
        )
        #expect(
            try outbox.run("resume", "--helpdesk", "h1").output == """
                helpdesk h1 was not paused by an operator
                still paused: helpdesk h1 (by the API server)

                """)
    }
}
