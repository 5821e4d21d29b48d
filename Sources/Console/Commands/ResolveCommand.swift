internal import Service

struct ResolveCommand: Command {
    static let spec = CommandSpec(name: "resolve", summary: "")
    func run(_ context: CommandContext) throws -> ExitCode { .ok }
}
