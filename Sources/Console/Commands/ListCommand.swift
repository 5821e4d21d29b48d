internal import Service

struct ListCommand: Command {
    static let spec = CommandSpec(name: "list", summary: "")
    func run(_ context: CommandContext) throws -> ExitCode { .ok }
}
