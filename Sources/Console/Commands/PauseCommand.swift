internal import Service

struct PauseCommand: Command {
    static let spec = CommandSpec(name: "pause", summary: "")
    func run(_ context: CommandContext) throws -> ExitCode { .ok }
}
