internal import Service

struct ResumeCommand: Command {
    static let spec = CommandSpec(name: "resume", summary: "")
    func run(_ context: CommandContext) throws -> ExitCode { .ok }
}
