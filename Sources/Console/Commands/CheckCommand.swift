internal import Service

struct CheckCommand: Command {
    static let spec = CommandSpec(name: "check", summary: "")
    func run(_ context: CommandContext) throws -> ExitCode { .ok }
}
