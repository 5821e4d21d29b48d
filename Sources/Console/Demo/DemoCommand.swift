internal import Service

struct DemoCommand: Command {
    static let spec = CommandSpec(
        name: "demo", summary: "the whole way on one machine, in 10 seconds",
        discussion: """
            A throw-away database, a mail server of its own on 127.0.0.1, and a few conversations: \
            who is mailed when, who is not, and why. Needs nothing and changes nothing: it reads no \
            settings, and leaves no file behind but for those of --keep. Ends by itself, with 0 where \
            the database and the mail server agree on what was sent.

            Example: outboxd demo --keep mails
            """,
        options: [
            .value(
                "keep", "DIR",
                "leave each mail as .eml and .html in this directory, a new or an empty one")
        ])

    func run(_ context: CommandContext) throws -> ExitCode {
        // First of all: a signal that comes later finds somebody who tidies up.
        let signals = try SignalWatch()
        let directory = try ThrowAwayDirectory(environment: context.environment)
        defer { directory.remove() }
        let kept = try context.text("keep").map { try KeptMails($0) }
        defer { kept?.removeIfEmpty() }
        return try Demonstration(
            database: directory.file("outbox.db"), signals: signals, kept: kept,
            page: DemoPage(environment: context.environment)
        ).run()
    }
}
