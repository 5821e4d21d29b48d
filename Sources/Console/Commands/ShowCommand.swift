internal import Delivery
internal import Service
internal import Store

struct ShowCommand: Command {
    static let spec = CommandSpec(
        name: "show", summary: "one row and its whole story",
        discussion: """
            The row, the mail it is in and the other rows of that mail, and every attempt with its \
            time, stage, reply code and text. The message's text is not printed. An unknown id is \
            exit code 65.

            With --json, an object with the keys of `list --json` and more; `history` holds the \
            attempts.
            """,
        options: [.flag("json", "print an object")],
        positionals: [
            PositionalSpec("ID", "the row's id, or its email's Message-ID")
        ],
        settings: [.database])

    func run(_ context: CommandContext) throws -> ExitCode {
        try context.checkSelection()
        let reader = try context.reader(try context.settings())
        let ids = try context.rowIDs(in: reader)
        let now = context.now
        for id in ids {
            guard let story = try reader.story(of: id, at: now) else {
                throw Failure("there is no row \(id); `outboxd list` shows the rows", .dataError)
            }
            try Terminal.print(
                context.parsed.has("json")
                    ? story.json.text(expanding: 2) + "\n" : StoryText(story: story, now: now).text)
        }
        return .ok
    }
}
