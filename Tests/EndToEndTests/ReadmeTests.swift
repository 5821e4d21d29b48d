import Delivery
import Foundation
import SQLite
import Service
import Store
import TestSupport
import Testing

/// Every command in the README and on the pages of the documentation works, and their tables are true.
struct ReadmeTests {
    /// A fenced block.
    private struct Block {
        var language: String
        var text: String
    }

    private static let documentation = "Sources/outboxd/Documentation.docc/"
    private static let pages =
        ["README.md"]
        + [
            "Containers", "Contract", "Crashes", "Faults", "HowItWorks", "MachineFaults", "Mails",
            "Maintaining", "Metrics", "Neighbours", "OAuth", "Operating", "Promises", "Security",
            "Settings",
        ].map { "\(documentation)\($0).md" }

    private static func text(_ page: String = "README.md") throws -> String {
        try String(contentsOf: Repository.root.appending(path: page), encoding: .utf8)
    }

    private static func text(named name: String) throws -> String {
        try text("\(documentation)\(name).md")
    }

    private static func blocks(
        _ language: String, in pages: [String] = ["README.md"]
    ) throws -> [Block] {
        try pages.flatMap(blocks(of:)).filter { $0.language == language }
    }

    private static func blocks(of page: String) throws -> [Block] {
        var blocks: [Block] = []
        var open: Block?
        for line in try text(page).components(separatedBy: "\n") {
            guard line.hasPrefix("```") else {
                open?.text += line + "\n"
                continue
            }
            if let block = open {
                blocks.append(block)
                open = nil
            } else {
                open = Block(language: String(line.dropFirst(3)), text: "")
            }
        }
        try #require(open == nil, "a block is not closed")
        return blocks
    }

    /// The cells of a page's tables.
    private static func rows(of page: String) throws -> [[String]] {
        try text(named: page).components(separatedBy: "\n").filter { $0.hasPrefix("| ") }.map {
            $0.components(separatedBy: "|").dropFirst().dropLast()
                .map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    @Test func `every link between the pages leads somewhere`() throws {
        let link = try Regex("\\]\\(([^)#:]+)\\)")
        var count = 0
        for page in Self.pages {
            let folder = Repository.root.appending(path: page).deletingLastPathComponent()
            for match in try Self.text(page).matches(of: link) {
                let target = String(match.output[1].substring ?? "")
                let path = folder.appending(path: target).path
                #expect(FileManager.default.fileExists(atPath: path), "\(page): \(target)")
                count += 1
            }
        }
        #expect(count > 10)
        #expect(try Self.text().components(separatedBy: "\n").count < 300)
    }

    @Test func `each block is of a kind that is tested`() throws {
        let kinds = ["sh", "sql", "console"]
        for kind in kinds { #expect(try Self.blocks(kind).count > 1) }
        for page in Self.pages.dropFirst() {
            let others = try Self.blocks(of: page).filter { $0.language != "console" }
            // That of Operating.md is asked in `the question for what failed finds it`.
            let isOperating = page.hasSuffix("Operating.md")
            // That of Metrics.md is what PrometheusTests runs.
            let known = isOperating ? ["sql"] : page.hasSuffix("Metrics.md") ? ["yaml"] : []
            #expect(others.map(\.language) == known, "\(page)")
        }
        #expect(try Self.blocks(of: "README.md").allSatisfy { kinds.contains($0.language) })
    }

    /// One after the other in one directory, as a reader types them; with the relay of the tests.
    @Test func `the shell blocks run`() throws {
        let outboxd = try Outboxd(migrated: false)
        defer { outboxd.end() }
        let programs = try outboxd.directory.makeDirectory("bin")
        try FileManager.default.createSymbolicLink(
            atPath: "\(programs)/outboxd", withDestinationPath: outboxd.binary)
        let environment = [
            "PATH": "\(programs):/usr/bin:/bin", "OUTBOXD_SMTP_URL": outboxd.relay.url,
        ]
        for block in try Self.blocks("sh") {
            let result = try ChildProcess.run(
                "/bin/bash", ["-euo", "pipefail", "-c", block.text], environment: environment,
                directory: outboxd.directory.path)
            #expect(result.exit == .code(0), "\(block.text)\n\(result.output)\(result.errors)")
            #expect(!result.errors.contains("warning"), "\(result.errors)")
        }
        #expect(outboxd.relay.record.mailCount == 1)
        let ddl = try String(contentsOfFile: outboxd.directory.file("outboxd.sql"), encoding: .utf8)
        #expect(ddl.contains("CREATE TABLE outbox ("))
    }

    /// What needs the network, root or time: that its options are understood at least.
    @Test func `the commands in the console blocks exist`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        var found = 0
        for line in try Self.blocks("console", in: Self.pages).flatMap({
            $0.text.split(separator: "\n")
        }) {
            #expect(line.hasPrefix("$ "), "\(line)")
            let words = line.split(separator: " ").map(String.init)
            guard
                let start = words.lastIndex(of: "outboxd"), start + 1 < words.count,
                Self.isCommand(words[start...])
            else { continue }
            found += 1
            let arguments = Array(words[(start + 1)...]) + ["--help"]
            let result = try ChildProcess.run(outboxd.binary, arguments)
            #expect(result.exit == .code(0), "\(line)\n\(result.errors)")
            try Self.checkOptions(of: arguments, in: result.output)
        }
        #expect(found >= 5)
    }

    /// `outboxd WORD …` at the start of a command, not a name of a unit, an image or a file.
    private static func isCommand(_ words: ArraySlice<String>) -> Bool {
        let names = [
            "run", "drain", "status", "list", "show", "resolve", "pause", "resume", "check",
            "migrate", "schema", "enqueue", "demo", "man", "completions", "init", "preview",
            "send-test", "backup", "health", "retry", "cancel", "suppress", "prune", "probe",
        ]
        return words.dropFirst().first.map(names.contains) == true
    }

    private static func checkOptions(of arguments: [String], in help: String) throws {
        for option in arguments where option.hasPrefix("--") {
            #expect(help.contains("\(option) "), "\(arguments[0]) has no \(option)")
        }
    }

    @Test func `the SQL blocks do what the text says`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let blocks = try Self.blocks("sql")
        for block in blocks { try outboxd.sql(block.text) }
        // All of it may be repeated: "ON CONFLICT DO NOTHING makes it safe".
        for block in blocks { try outboxd.sql(block.text) }
        #expect(try outboxd.values("SELECT message_id FROM outbox") == ["m31"])
        #expect(try outboxd.values("SELECT last_read_at FROM read_markers") == ["1795000000000"])
        #expect(try outboxd.values("SELECT address FROM suppressions") == ["ann@example.com"])
        #expect(try outboxd.values("SELECT reason FROM outbox_status") == ["paused"])
        try outboxd.sql("UPDATE helpdesks SET paused = 0; DELETE FROM suppressions")
        #expect(try outboxd.command("drain").exit == .code(0))
        let reasons = ["read", "cancelled"]
        #expect(try outboxd.values("SELECT reason FROM outbox_status").allSatisfy(reasons.contains))
    }

    @Test func `the question for what failed finds it`() throws {
        let relay = try ScriptedRelay()
        relay.add { $0.verb == .rcpt ? .reply(550, "5.7.1 no") : nil }
        let outboxd = try Outboxd(relay: relay)
        defer { outboxd.end() }
        let block = try #require(
            Self.blocks(of: "\(Self.documentation)Operating.md").first { $0.language == "sql" })
        let question = block.text.replacing(";", with: "")
        func failed(since time: Int64) throws -> [String] {
            try outboxd.values(question.replacing(":last_seen", with: String(time)))
        }
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(try failed(since: 0).isEmpty)
        try outboxd.command("drain")
        #expect(try failed(since: 0) == [String(id)])
        let finished = try #require(
            Int64(outboxd.values("SELECT finished_at FROM outbox_status")[0]))
        #expect(try failed(since: finished).isEmpty)
    }

    @Test func `the table of settings is the program's own`() throws {
        let documented = try Self.rows(of: "Settings").filter { $0[0].hasPrefix("`OUTBOXD_") }
            .map { [$0[0].filter { $0 != "`" }, $0[1]] }
        #expect(documented == SettingKey.table.map { [$0.key.name, $0.standard] })
    }

    /// Every column of the API server's tables, in their order, and which may be absent.
    @Test func `the tables of columns are the schema's`() throws {
        var documented: [[String]] = []
        let (start, values) = ("### What the columns", "### `read_markers`")
        let page = try Self.text(named: "Contract")
        let begin = try #require(page.range(of: start)?.lowerBound)
        let end = try #require(page.range(of: values)?.lowerBound)
        let lines = (page[..<begin] + page[end...]).components(separatedBy: "\n")
        // And once more, what each may hold.
        let held = page[begin..<end].matches(of: #/\n\| `(\w+)` \|/#).map { String($0.output.1) }
        #expect(held == Schema.apiTables[0].columns.map(\.name))
        for line in lines {
            if line.hasPrefix("### `") {
                documented.append([line.filter { $0 != "`" && $0 != "#" && $0 != " " }])
            } else if line.hasPrefix("| `") {
                let cells = line.components(separatedBy: "|").map {
                    $0.trimmingCharacters(in: .whitespaces)
                }
                let name = cells[1].filter { $0 != "`" }
                documented[documented.count - 1].append(cells[2] == "yes" ? name + "?" : name)
            }
        }
        let tables = Schema.apiTables.map { table in
            [table.name] + table.columns.map { $0.isOptional ? $0.name + "?" : $0.name }
        }
        #expect(documented == tables + [["outbox_status"]])
    }

    @Test func `outbox_status has the columns that the contract names`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        let text = try Self.text(named: "Contract")
        let named = try #require(text.components(separatedBy: "A view to read: ").last)
            .components(separatedBy: ". ")[0].components(separatedBy: ", ")
            .map { $0.filter { $0 != "`" } }
        #expect(try outboxd.values("SELECT name FROM pragma_table_info('outbox_status')") == named)
    }

    /// The states and reasons that a row can have are all explained, and no other.
    @Test func `the states and reasons are all there`() throws {
        let text = try Self.text(named: "Operating")
        for state in RowState.allCases { #expect(text.contains("| `\(state.name)` |")) }
        let reasons =
            SkipReason.allCases.map(\.rawValue) + FailReason.allCases.map(\.rawValue)
            + WaitReason.allCases.map(\.rawValue)
        for reason in reasons { #expect(text.contains("`\(reason)`"), "\(reason)") }
    }
}
