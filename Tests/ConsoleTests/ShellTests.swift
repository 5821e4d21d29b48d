import Foundation
import TestSupport
import Testing

/// `outboxd completions SHELL`, in the shells themselves.
struct ShellTests {
    /// A directory with the script in it, and files to complete.
    private static func directory(_ shell: String) throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        let result = try OutboxdBinary.run(["completions", shell])
        try #require(result.exit == .code(0) && result.errors.isEmpty)
        try Data(result.output.utf8).write(to: URL(filePath: directory.file("script")))
        try Data().write(to: URL(filePath: directory.file("my outboxd.env")))
        return directory
    }

    /// What is offered for the last of the words.
    private static func offers(
        _ shell: String, _ directory: TemporaryDirectory, _ words: [String]
    ) throws -> [String] {
        switch shell {
        case "bash": try bash(directory, words)
        case "fish": try fish(directory, words)
        default: try zsh(directory, words)
        }
    }

    private static func bash(_ directory: TemporaryDirectory, _ words: [String]) throws -> [String]
    {
        let script = """
            set -u
            source ./script
            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
            _outboxd
            printf '%s\\n' ${COMPREPLY[@]+"${COMPREPLY[@]}"}
            """
        // As readline takes a line apart.
        let parts = words.flatMap { word -> [String] in
            guard let equals = word.firstIndex(of: "=") else { return [word] }
            return [String(word[..<equals]), "=", String(word[word.index(after: equals)...])]
        }
        return lines(
            try ChildProcess.tool(
                "bash", ["-c", script, "bash", "outboxd"] + parts, package: "bash",
                directory: directory.path))
    }

    private static func fish(_ directory: TemporaryDirectory, _ words: [String]) throws -> [String]
    {
        let line = (["outboxd"] + words).joined(separator: " ")
        let output = try ChildProcess.tool(
            "fish", ["--no-config", "-c", "source ./script; complete -C '\(line)'"],
            package: "fish",
            directory: directory.path)
        return lines(output).map { String($0.prefix { $0 != "\t" }) }
    }

    /// In a terminal of its own (zsh/zpty), where the function that takes the offers notes them.
    private static func zsh(_ directory: TemporaryDirectory, _ words: [String]) throws -> [String] {
        let line = (["outboxd"] + words).joined(separator: " ")
        let script = """
            zmodload zsh/zpty
            zpty z zsh -f -i
            zpty -w z 'autoload -Uz compinit; compinit -u -D; source ./script
            compadd() {
                if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return; fi
                local -a offers; builtin compadd -O offers "$@"
                local suffix; zparseopts -E -a none S:=suffix
                print -l -- $offers >>offers
                builtin compadd "$@"
            }
            finish() { : >done }
            zle -N finish; bindkey "^X" finish; bindkey "^I" complete-word'
            zpty -n -w z \(quoted(line))$'\\t\\x18'
            repeat 400; do [[ -e done ]] && break; zpty -r -t z part; sleep 0.02; done
            zpty -d z
            [[ -e offers ]] && cat offers; true
            """
        defer { for name in ["offers", "done"] { unlink(directory.file(name)) } }
        return lines(
            try ChildProcess.tool(
                "zsh", ["-f", "-c", script], package: "zsh", directory: directory.path))
    }

    private static func quoted(_ text: String) -> String { "'\(text)'" }

    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n").map(String.init)
    }

    @Test(arguments: ["bash", "fish", "zsh"])
    func `Commands, options, values and files are offered`(shell: String) throws {
        let directory = try Self.directory(shell)
        func offers(_ words: String...) throws -> [String] {
            try Self.offers(shell, directory, words)
        }
        let first = try Help.commands().map { String($0.prefix { $0 != " " }) }
        #expect(Set(try offers("")) == Set(first + ["help"]))
        #expect(try offers("stat") == ["status"])
        #expect(Set(try offers("help", "")).isSuperset(of: first))
        #expect(Set(try offers("suppress", "")) == ["add", "remove", "list"])
        #expect(try offers("help", "suppress", "r") == ["remove"])
        #expect(try offers("suppress", "add", "--wh").map { $0.filter { $0 != "=" } } == ["--why"])
        #expect(try offers("list", "--group-by", "d") == ["domain"])
        #expect(try offers("list", "--stat").map { $0.filter { $0 != "=" } } == ["--state"])
        #expect(
            Set(try offers("list", "--state", ""))
                == ["pending", "sending", "sent", "skipped", "failed"])
        let withEquals = try offers("list", "--state=pe")
        #expect(withEquals.map { $0.replacing("--state=", with: "") } == ["pending"])
        #expect(try offers("run", "--smtp-tls", "r") == ["required"])
        #expect(Set(try offers("completions", "")) == ["bash", "zsh", "fish"])
        #expect(try offers("status", "--config", "my").count == 1)
        #expect(try offers("list", "--helpdesk", "m").isEmpty)
        #expect(try offers("nonsense", "--st").isEmpty)
    }

    /// Whatever command is added, and whatever option: the shells know it.
    @Test(arguments: ["bash", "fish"])
    func `Each option of each command is offered`(shell: String) throws {
        let directory = try Self.directory(shell)
        for command in try Help.commands() {
            let words = command.split(separator: " ").map(String.init)
            let offered = try Self.offers(shell, directory, words + ["--"])
            let known = try Help.options(of: command).map { "--\($0)" }
            #expect(Set(offered).isSuperset(of: known), "\(command)")
        }
    }

    @Test func `zsh has each option of each command`() throws {
        let script = try OutboxdBinary.run(["completions", "zsh"]).output
        for command in try Help.commands() {
            let start = try #require(script.firstRange(of: "('\(command) '*)"))
            let rest = script[start.upperBound...]
            let block = rest.firstRange(of: ";;").map { rest[..<$0.lowerBound] } ?? rest
            for option in try Help.options(of: command) {
                #expect(block.contains("--\(option)=[") || block.contains("--\(option)["))
            }
        }
    }

    @Test func `An unknown shell is a usage error that names the known`() throws {
        let result = try OutboxdBinary.run(["completions", "csh"])
        #expect(result.exit == .code(64) && result.isOneComplaint)
        #expect(result.errors.contains("bash, zsh and fish"))
    }
}
