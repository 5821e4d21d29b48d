internal import Service

struct DemoCommand: Command {
    static let spec = CommandSpec(name: "demo", summary: "")
    func run(_ context: CommandContext) throws -> ExitCode { .ok }
}
