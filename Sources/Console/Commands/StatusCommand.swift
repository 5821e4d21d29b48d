internal import Service

struct StatusCommand: Command {
    static let spec = CommandSpec(name: "status", summary: "")
    func run(_ context: CommandContext) throws -> ExitCode { .ok }
}
