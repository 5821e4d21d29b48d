internal import Service

struct ShowCommand: Command {
    static let spec = CommandSpec(name: "show", summary: "")
    func run(_ context: CommandContext) throws -> ExitCode { .ok }
}
