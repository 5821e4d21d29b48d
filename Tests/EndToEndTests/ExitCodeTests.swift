import SQLite
import TestSupport
import Testing

/// "Exit codes from sysexits.h … An error says what, why and what to do, in one line, never a stack
/// trace".
struct ExitCodeTests {
    private func expect(
        _ result: ChildProcess.Result, _ code: Int32, _ words: String...,
        at location: SourceLocation = #_sourceLocation
    ) {
        #expect(result.exit == .code(code), "\(result.errors)", sourceLocation: location)
        #expect(result.errors.hasPrefix("outboxd: "), sourceLocation: location)
        #expect(
            result.errors.split(separator: "\n").count == 1, "\(result.errors)",
            sourceLocation: location)
        for word in words {
            #expect(result.errors.contains(word), "\(result.errors)", sourceLocation: location)
        }
    }

    @Test func `a wrong command line is 64`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        expect(try outboxd.command("dance"), 64, "dance")
        expect(try outboxd.command("run", "--swiftly"), 64, "--swiftly")
        expect(try outboxd.command("drain", "--limit", "none"), 64, "--limit")
        expect(try outboxd.command("enqueue", "--helpdesk", "h1"), 64, "--conversation")
    }

    @Test func `a file that is no settings file is 78, in one line`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let prose = String(repeating: "A line of prose, and nothing else.\n", count: 28)
        try outboxd.directory.write(prose, to: "prose.txt")
        try outboxd.directory.makeDirectory("folder")
        for name in ["prose.txt", "folder", "outbox.db", "none"] {
            expect(
                try outboxd.command("status", "--config", name), 78,
                "\(outboxd.directory.path)/\(name)", "`outboxd init` writes one")
        }
        // A long file of mistakes is not told to its end.
        try outboxd.directory.write(
            String(repeating: "OUTBOXD_X=1\n", count: 500), to: "many.env")
        let many = try outboxd.command("drain", "--config", "many.env")
        #expect(many.exit == .code(78) && many.errors.split(separator: "\n").count == 51)
        #expect(many.errors.hasSuffix("outboxd: and 450 more\n"))
    }

    @Test func `bad data is 65`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let result = try outboxd.command(
            "enqueue", "--helpdesk", "h1", "--conversation", "c1", "--message", "m1", "--to",
            "nobody", "--body", "Hello")
        expect(result, 65, "recipient_email")
    }

    @Test func `a database that is missing, foreign or not one is 74`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        expect(
            try outboxd.command("drain", settings: ["OUTBOXD_DATABASE": "/nowhere/outbox.db"]), 74,
            "/nowhere/outbox.db", "outboxd migrate")
        let text = try outboxd.directory.write("This is no database, but a text.", to: "text.db")
        expect(try outboxd.command("drain", settings: ["OUTBOXD_DATABASE": text]), 74, "text.db")
        let empty = outboxd.directory.file("empty.db")
        try Connection(path: empty, mode: .create).execute("CREATE TABLE other (id)")
        expect(
            try outboxd.command("drain", settings: ["OUTBOXD_DATABASE": empty]), 74,
            "outboxd migrate")
    }

    /// "A database newer than the binary is refused with a clear sentence" (issue, point 2).
    @Test(arguments: ["run", "drain", "migrate"])
    func `a database of a newer outboxd is refused`(command: String) throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.sql(
            "INSERT INTO outboxd_migrations VALUES (99, 'later', 0)")
        let child = try outboxd.start(command)
        #expect(child.waitForExit() == .code(74), "\(child.errors)")
        #expect(child.errors.contains("newer outboxd"))
    }

    @Test func `every bad setting is named, and 78`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let result = try outboxd.command(
            "run",
            settings: [
                "OUTBOXD_HOLD": "soon", "OUTBOXD_SMTP_URL": "http://relay",
                "OUTBOXD_FROM": "nobody", "OUTBOXD_LEASE": "10ms",
            ])
        #expect(result.exit == .code(78))
        for key in ["OUTBOXD_HOLD", "OUTBOXD_SMTP_URL", "OUTBOXD_FROM", "OUTBOXD_LEASE"] {
            #expect(result.errors.contains(key))
        }
        #expect(result.errors.contains("soon"))
    }

    @Test func `a column that is missing is named`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try outboxd.sql("ALTER TABLE outbox DROP COLUMN audience")
        expect(try outboxd.command("migrate"), 74, "outbox", "audience")
    }
}
