internal import Delivery
internal import Engine
internal import Mail
internal import Service
internal import Store

struct EnqueueCommand: Command {
    static let spec = CommandSpec(
        name: "enqueue", summary: "insert a row by hand",
        discussion: """
            Inserts a row as the API server would. The same reply to the same address is enqueued \
            once: what exists already is left as it is, and its id is printed.

            For example: `outboxd enqueue --helpdesk acme --conversation 42 --message m1 --to me@example.com --body "Hello"`
            """,
        options: [
            .value("helpdesk", "ID", "the helpdesk; required"),
            .value("conversation", "ID", "the conversation; required"),
            .value("message", "ID", "the reply's own id; required"),
            .value("to", "ADDRESS", "the recipient; required"),
            .value("body", "TEXT", "the reply; required"),
            .value("to-name", "NAME", "the recipient's name"),
            .value("author", "NAME", "who wrote the reply"),
            .value("subject", "TEXT", "the conversation's subject"),
            .value(
                "audience", "WHO", "visitor (the default) or operator",
                values: Audience.allCases.map(\.rawValue)),
            .value("page-url", "URL", "the page the user wrote from"),
            .value("unsubscribe-url", "URL", "https, one click"),
            .value("in-reply-to", "MESSAGE-ID", "the recipient's own last email"),
            .value("locale", "TAG", "BCP 47"),
            .flag("instant", "no hold"),
            .value(
                "not-before", "MILLISECONDS", "since 1970, UTC: until then it counts as not written"
            ),
            .value("traceparent", "TRACE", "W3C Trace Context of the request that wrote the reply"),
        ],
        settings: [.database])

    func run(_ context: CommandContext) throws -> ExitCode {
        let row = try newRow(context)
        let settings = try context.settings()
        let store = try context.outbox(settings)
        if let text = RowRules.fault(in: row) { throw Failure(text, .dataError) }
        let (id, isNew) = try store.enqueue(row)
        try Terminal.print(isNew ? "enqueued row \(id)\n" : "row \(id) exists already\n")
        return .ok
    }

    private func newRow(_ context: CommandContext) throws -> NewRow {
        let parsed = context.parsed
        func required(_ option: String) throws -> String {
            guard let value = parsed.value(option) else {
                throw context.usage("--\(option) is missing")
            }
            return value
        }
        var row = NewRow(
            helpdeskID: try required("helpdesk"), conversationID: try required("conversation"),
            messageID: try required("message"), recipientEmail: try required("to"),
            bodyText: try required("body"), createdAt: context.now)
        row.audience = parsed.value("audience") ?? row.audience
        row.recipientName = parsed.value("to-name")
        row.authorName = parsed.value("author")
        row.subject = parsed.value("subject")
        row.pageURL = parsed.value("page-url")
        row.unsubscribeURL = parsed.value("unsubscribe-url")
        row.inReplyTo = parsed.value("in-reply-to")
        row.locale = parsed.value("locale")
        row.isInstant = parsed.has("instant")
        row.traceparent = parsed.value("traceparent")
        row.notBefore = try parsed.value("not-before").map { text in
            guard let milliseconds = Int64(text) else {
                throw context.usage("--not-before takes milliseconds since 1970, not \(text)")
            }
            return WallTime(milliseconds: milliseconds)
        }
        return row
    }
}
