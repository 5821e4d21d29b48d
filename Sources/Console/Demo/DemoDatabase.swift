internal import Delivery
internal import Engine
internal import SQLite
internal import Service
internal import Store

/// The demonstration's database as the API server uses it, and what it says at the end.
struct DemoDatabase {
    /// A reply, as inserted.
    struct Reply: Sendable {
        var id: Int64
        var person: DemoScript.Person
        var text: String
        var isInstant: Bool
        var createdAt: WallTime
    }

    /// A line of `outbox_status`.
    struct Status: Sendable {
        var id: Int64
        var state: String
        var reason: String?
        var attempts: Int64
        var emailMessageID: String?
    }

    private let store: any OutboxOperator
    /// The API server's own.
    private let connection: Connection
    private let clock = SystemClock()

    init(path: String) throws {
        _ = try Database.migrate(path: path)
        store = try SQLiteDatabase(path: path).openOperator()
        connection = try Database.open(path: path)
        try connection.execute(
            """
            INSERT INTO helpdesks (id, name, from_address, reply_to, ticket_center_url)
            VALUES ('\(DemoScript.helpdesk)', 'Acme Support', 'support@acme.example',
                'support+{conversation}@acme.example', 'https://acme.example/help/{conversation}')
            """)
    }

    func enqueue(
        to person: DemoScript.Person, author: String, text: String, isInstant: Bool, number: Int
    ) throws -> Reply {
        var row = NewRow(
            helpdeskID: DemoScript.helpdesk, conversationID: person.conversation,
            messageID: "m\(number)", recipientEmail: person.address, bodyText: text,
            createdAt: clock.wallNow())
        row.recipientName = person.name
        row.authorName = author
        row.subject = person.subject
        row.isInstant = isInstant
        return Reply(
            id: try store.enqueue(row).id, person: person, text: text, isInstant: isInstant,
            createdAt: row.createdAt)
    }

    /// As the README tells API servers to do it.
    func markRead(_ person: DemoScript.Person, upTo time: WallTime) throws {
        try connection.statement(
            """
            INSERT INTO read_markers (helpdesk_id, conversation_id, reader_email, last_read_at)
            VALUES (?, ?, ?, ?)
            ON CONFLICT (helpdesk_id, conversation_id, reader_email)
            DO UPDATE SET last_read_at = max(last_read_at, excluded.last_read_at)
            """
        ).bind(DemoScript.helpdesk).bind(person.conversation).bind(person.address)
            .bind(time.milliseconds).run()
    }

    /// By id.
    func statuses() throws -> [Status] {
        try connection.statement(
            """
            SELECT id, state, reason, attempts, email_message_id FROM outbox_status ORDER BY id
            """
        ).all { row in
            Status(
                id: row.int(0), state: row.text(1), reason: row.optionalText(2),
                attempts: row.int(3), emailMessageID: row.optionalText(4))
        }
    }

    func suppressed() throws -> [String] {
        try connection.statement("SELECT address FROM suppressions").all { $0.text(0) }
    }

    func hasOpenRows() throws -> Bool {
        try statuses().contains { $0.state == "pending" || $0.state == "sending" }
    }
}
