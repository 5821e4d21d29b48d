import TestSupport

/// The program's own help texts, read back.
enum Help {
    /// The commands that `outboxd --help` lists.
    static func commands(in help: String) -> [String] {
        help.split(separator: "\n").filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }.map {
            let line = $0.dropFirst(2)
            let name = line.firstRange(of: "  ").map { line[..<$0.lowerBound] } ?? line
            return String(name)
        }
    }

    static func commands() throws -> [String] {
        commands(in: try OutboxdBinary.run(["--help"]).output)
    }

    /// The options of a command, its settings among them, without dashes.
    static func options(of command: String) throws -> [String] {
        let words = command.split(separator: " ").map(String.init)
        let help = try OutboxdBinary.run(words + ["--help"]).output
        return help.split(separator: "\n").filter { $0.hasPrefix("  --") }.map {
            String($0.dropFirst(4).prefix { $0 != " " })
        }
    }
}
