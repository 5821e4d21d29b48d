import TestSupport
import Testing

/// What a person sees in a terminal.
struct TerminalTests {
    private static func text(
        _ outboxd: Outboxd, _ arguments: [String], columns: Int, _ settings: [String: String]
    ) throws -> String {
        try PseudoTerminal.run(
            outboxd.binary, arguments, environment: outboxd.environment.merging(settings) { $1 },
            columns: columns)
    }

    @Test(arguments: [40, 80, 140])
    func `list fits the terminal and never loses the cause`(columns: Int) throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.insert(Row(to: "nobody", helpdesk: "株式会社"))
        try outboxd.command("drain")
        let text = try Self.text(outboxd, ["list"], columns: columns, ["TERM": "xterm"])
        let lines = text.split(separator: "\r\n")
        #expect(lines.count == 2)
        for line in lines { #expect(line.unicodeScalars.count <= columns) }
        #expect(lines.last?.contains("1  failed: invalid") == true)
        #expect(lines.last?.contains(columns == 40 ? "recip" : "recipient_email: ") == true)
        #expect(lines.first?.contains("RECIPIENT") == (columns == 140))
    }

    /// Ctrl-C at a question changes nothing, and says so; so does "n", and "y" does it.
    @Test(arguments: [
        ("\u{3}", "interrupted: nothing was changed", 75, 2), ("n\n", "nothing was changed", 0, 2),
        ("y\n", "2 rows are cancelled", 0, 0),
    ])
    func `A question is answered by yes alone`(
        input: String, answer: String, code: Int32, pending: Int
    ) throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.insert(Row(conversation: "a"), Row(conversation: "b"))
        try outboxd.command("migrate")
        let (text, exit) = try PseudoTerminal.type(
            input, after: "[y/N]", outboxd.binary, ["cancel", "--all"],
            environment: outboxd.environment.merging(["TERM": "xterm"]) { $1 }, columns: 80)
        #expect(text.contains("cancel these 2 rows? [y/N]") && text.contains(answer), "\(text)")
        #expect(exit == code)
        let left = try outboxd.values("SELECT count(*) FROM outbox WHERE cancelled_at IS NULL")
        #expect(left == ["\(pending)"])
    }

    @Test(arguments: [("xterm", true), ("dumb", false)])
    func `A line of progress is written over where the terminal can`(
        term: String, isLive: Bool
    ) throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.insert(Row())
        let text = try Self.text(outboxd, ["drain", "--now"], columns: 80, ["TERM": term])
        #expect(text.contains("sent 1 mail"))
        #expect(text.contains("\u{1B}") == isLive)
    }
}
