internal import Delivery
package import SQLite
internal import Synchronization

/// A row of `outbox` as a test inserts it in the API server's place, with the usual values for what does
/// not matter.
package struct TestRow: Sendable {
    /// nil: the next one.
    package var id: Int64?
    package var to: String
    package var conversation: String
    package var body: String
    package var helpdesk: String
    /// nil: the next of a sequence.
    package var message: String?
    package var audience: String
    package var instant: Bool
    /// Milliseconds since 1970; nil: now.
    package var createdAt: Int64?
    package var recipientName: String?
    package var authorName: String?
    package var subject: String?

    package init(
        id: Int64? = nil, to: String = "ann@example.test", conversation: String = "c1",
        body: String = "Hello", helpdesk: String = "h1", message: String? = nil,
        audience: String = "visitor", instant: Bool = false, createdAt: Int64? = nil
    ) {
        self.id = id
        self.to = to
        self.conversation = conversation
        self.body = body
        self.helpdesk = helpdesk
        self.message = message
        self.audience = audience
        self.instant = instant
        self.createdAt = createdAt
    }

    package func with(_ change: (inout TestRow) -> Void) -> TestRow {
        var row = self
        change(&row)
        return row
    }

    private static let sequence = Atomic(0)

    /// In a transaction of its own if none is open.
    ///
    /// - Returns: its id.
    @discardableResult
    package func insert(into connection: Connection) throws -> Int64 {
        let message = message ?? "reply-\(Self.sequence.add(1, ordering: .relaxed).newValue)"
        // Tables of before may lack what a test does not set.
        let texts = [
            ("recipient_name", recipientName), ("author_name", authorName), ("subject", subject),
        ].filter { $0.1 != nil }
        let statement = try connection.statement(
            """
            INSERT INTO outbox (\(texts.map { "\($0.0), " }.joined())id, helpdesk_id,
                conversation_id, message_id, audience, recipient_email, body_text, instant,
                created_at)
            VALUES (\(texts.map { _ in "?, " }.joined())?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        for text in texts { try statement.bind(text.1) }
        try statement.bind(id).bind(helpdesk).bind(conversation).bind(message).bind(audience)
            .bind(to).bind(body).bind(instant).bind(createdAt ?? TestClock.wall.milliseconds).run()
        return connection.lastInsertRowID
    }
}
