/// A shell that completes what is typed.
package enum Shell: String, CaseIterable, Sendable {
    case bash, zsh, fish

    /// The script that teaches the shell the program's commands, made from their declarations.
    package func completions(of program: ProgramSpec) -> String {
        switch self {
        case .bash: BashCompletions(program: program).script
        case .zsh: ZshCompletions(program: program).script
        case .fish: FishCompletions(program: program).script
        }
    }
}

extension String {
    /// As one word of bash or zsh.
    var shellQuoted: String { "'\(replacing("'", with: "'\\''"))'" }

    /// As one word of fish, where a backslash escapes within quotes too.
    var fishQuoted: String {
        "'\(replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'"
    }
}
