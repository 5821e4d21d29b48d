internal import Delivery
internal import Engine
internal import Service
internal import Store

struct ShowCommand: Command {
    static let spec = CommandSpec(
        name: "show", summary: "one row and its whole story",
        discussion: """
            The row, the mail it is in and the other rows of that mail; then its story in the order of \
            time: every attempt with the relay's reply, what was read, what operators did and why; and \
            what happens next. The message's text is not printed. An unknown id is exit code 65.

            For example, why a customer got no mail: `outboxd show 4711`, or with the Message-ID that the \
            customer's mail server has logged.

            With --json, an object with the keys of `list --json` and more; `history` holds the \
            attempts, `deeds` what operators did, `story` all of it in sentences, in the order of time: {"at", \
            "text"}; `next` says what happens next.
            """,
        options: [.flag("json", "print an object")],
        positionals: [
            PositionalSpec("ID", "the row's id, or its email's Message-ID")
        ],
        settings: [.database])

    func run(_ context: CommandContext) throws -> ExitCode {
        try context.checkSelection()
        let settings = try context.settings(only: [.database, .expireAfter])
        let reader = try context.reader(settings)
        let ids = try context.rowIDs(in: reader)
        let now = context.now
        let stories = try ids.map { id in
            guard let story = try reader.story(of: id, at: now) else {
                throw Failure("there is no row \(id); `outboxd list` shows the rows", .dataError)
            }
            return story
        }
        let surroundings = try surroundings(reader, settings)
        if context.parsed.has("json") {
            let objects = stories.map { story in
                Self.json(story, surroundings, now)
            }
            // A Message-ID may be that of several rows.
            let all = objects.count == 1 ? objects[0] : .array(objects)
            try Terminal.print(all.text(expanding: objects.count == 1 ? 2 : 3) + "\n")
            return .ok
        }
        let texts = stories.map { StoryText(story: $0, surroundings: surroundings, now: now).text }
        try Terminal.print(texts.joined(separator: "\n"))
        return .ok
    }

    private func surroundings(
        _ reader: any OutboxReader, _ settings: Settings
    ) throws -> StorySurroundings {
        StorySurroundings(
            isRunning: LiveProcesses(onDatabase: settings.database).count > 0,
            relay: try reader.relay(), pauses: try reader.pauses(),
            blockedSenders: try reader.blockedSenders(), expireAfter: settings.expireAfter)
    }

    private static func json(
        _ story: OutboxView.Story, _ surroundings: StorySurroundings, _ now: WallTime
    ) -> JSON {
        guard case .members(let members) = story.json else { return story.json }
        let next = StoryNext(story: story, surroundings: surroundings, now: now).text
        let sentences = StoryEvents(story: story, now: now).events.map { event in
            JSON.object(["at": JSON(event.at), "text": .string(event.text)])
        }
        return .members(
            members + [
                JSON.Member("story", .array(sentences)), JSON.Member("next", .string(next)),
            ])
    }
}
