import Service
import TestSupport
import Testing

/// `outboxd man`, against the program's own tables and the formatters that read it.
struct ManPageTests {
    private static func page() throws -> String {
        let result = try OutboxdBinary.run(["man"])
        try #require(result.exit == .code(0) && result.errors.isEmpty)
        return result.output
    }

    private static func rendered(_ page: String) throws -> String {
        try ChildProcess.tool(
            "groff", ["-man", "-Tutf8", "-ww", "-P-cbou", "-rLL=400n"], package: "groff",
            input: page)
    }

    @Test func `mandoc and groff have nothing to complain of`() throws {
        let page = try Self.page()
        let lint = try ChildProcess.run(
            try Executable.find("mandoc", package: "mandoc"), ["-Tlint"], input: page)
        #expect(lint.exit == .code(0), "\(lint.output)\(lint.errors)")
        #expect(lint.output.isEmpty)
        let groff = try ChildProcess.run(
            try Executable.find("groff", package: "groff"), ["-man", "-Tutf8", "-ww", "-z"],
            environment: ["PATH": "/usr/bin:/bin"], input: page)
        #expect(groff.exit == .code(0) && groff.errors.isEmpty, "\(groff.errors)")
    }

    @Test func `Each section is there, in the order of man-pages(7)`() throws {
        let sections = try Self.page().split(separator: "\n").filter { $0.hasPrefix(".SH ") }
        #expect(
            sections.map { $0.dropFirst(4) } == [
                "NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "ENVIRONMENT", "FILES",
                "EXIT STATUS",
                "EXAMPLES", "SEE ALSO",
            ])
    }

    /// From a heading to the next that is indented as little.
    private static func section(_ heading: String, of text: String) throws -> Substring {
        let start = try #require(text.firstRange(of: "   \(heading)"), "\(heading)")
        let rest = text[start.upperBound...]
        return rest.firstRange(of: "\n   outboxd").map { rest[..<$0.lowerBound] } ?? rest
    }

    /// What the help of every command says stands in the page too.
    @Test func `Every command, option, setting and exit code is there`() throws {
        let text = try Self.rendered(Self.page())
        let help = try OutboxdBinary.run(["--help"]).output
        let commands = Help.commands(in: help)
        #expect(commands.count >= 15)
        for command in commands {
            #expect(text.contains("outboxd \(command) [OPTIONS]"), "\(command)")
            let section = try Self.section("outboxd \(command) [OPTIONS]", of: text)
            for option in try Help.options(of: command) where option != "help" {
                let isFlag =
                    section.contains("(see ENVIRONMENT)") && text.contains("Flag: --\(option).")
                #expect(section.contains("  --\(option)") || isFlag, "\(command) --\(option)")
            }
        }
        for entry in SettingKey.table {
            #expect(text.contains("\(entry.key.name)=\(entry.placeholder)"))
            #expect(text.contains(entry.summary.split(separator: "'")[0]), "\(entry.key.name)")
            if !entry.standard.isEmpty { #expect(text.contains("Default: \(entry.standard).")) }
        }
        for code in ExitCode.allCases { #expect(text.contains(code.meaning)) }
    }

    /// A line is a macro that is meant, or begins with nothing that troff obeys.
    @Test func `No text is taken for a macro`() throws {
        let macros: Set = [
            ".\\\"", ".TH", ".nh", ".ad", ".SH", ".SS", ".PP", ".TP", ".B", ".I", ".RI", ".br",
            ".RS", ".RE",
            ".nf", ".fi",
        ]
        for line in try Self.page().split(separator: "\n") {
            #expect(!line.hasPrefix("'") && line.unicodeScalars.allSatisfy(\.isASCII), "\(line)")
            if line.hasPrefix(".") {
                #expect(macros.contains(String(line.prefix { $0 != " " })), "\(line)")
            }
        }
    }
}
