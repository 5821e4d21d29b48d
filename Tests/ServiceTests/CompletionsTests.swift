import Testing

@testable import Service

struct CompletionsTests {
    /// Words that a shell would take apart, were they not quoted.
    private static let program = ProgramSpec(
        name: "prog", summary: "it's [a] test: $HOME `id`", version: "1",
        commands: [
            CommandSpec(
                name: "look", summary: "it's [so]: $HOME `id` \\",
                options: [
                    .value(
                        "state", "STATE", "one of them: [it's]", values: ["up", "down"],
                        isRepeatable: true),
                    .value("name", "NAME", "any"), .flag("json", "an \"object\" \\"),
                    .value("into", "DIR", "where to"),
                ],
                positionals: [PositionalSpec("FILE", "a file", count: .any)]),
            CommandSpec(name: "block add", summary: "add"),
            CommandSpec(name: "block list", summary: "list"),
        ])

    @Test func `A value is what its list or its placeholder says`() {
        #expect(CompletedValue(["a"], placeholder: "FILE") == .words(["a"]))
        #expect(CompletedValue([], placeholder: "FILE") == .file)
        #expect(CompletedValue([], placeholder: "PATH") == .file)
        #expect(CompletedValue([], placeholder: "DIR") == .directory)
        #expect(CompletedValue([], placeholder: "N") == .free)
    }

    @Test func `Commands of two words come before one that they begin with`() {
        #expect(Self.program.completedCommands.map(\.name) == ["block add", "block list", "look"])
        #expect(Self.program.firstWords.map(\.word) == ["look", "block", "help"])
        #expect(Self.program.firstWords[1].summary == "add or list")
        #expect(Self.program.groups.map(\.word) == ["block"])
        #expect(Self.program.groups[0].next.map(\.word) == ["add", "list"])
    }

    @Test func `Settings with a closed list say so`() {
        let options = CommandSpec(name: "run", summary: "", settings: SettingKey.allCases)
            .allOptions
        let words = Dictionary(uniqueKeysWithValues: options.map { ($0.name, $0.values) })
        #expect(words["smtp-tls"] == ["required", "opportunistic", "none"])
        #expect(words["on-uncertain"] == ["resend", "hold"])
        #expect(words["log-level"]?.count == 5 && words["log-format"]?.count == 3)
        #expect(words["hold"] == [])
    }

    @Test func `Quotes are quoted`() {
        #expect("it's".shellQuoted == #"'it'\''s'"#)
        #expect(#"it's \"#.fishQuoted == #"'it\'s \\'"#)
        let fish = Shell.fish.completions(of: Self.program)
        #expect(fish.contains(#"-d 'it\'s [so]: $HOME `id` \\'"#))
        let zsh = Shell.zsh.completions(of: Self.program)
        #expect(zsh.contains(#"'*--state=[one of them\: \[it'\''s\]]:STATE:(up down)'"#))
        #expect(zsh.contains(#"'--into=[where to]:DIR:_files -/'"#))
        #expect(zsh.contains("'*:FILE:_files'"))
    }
}
