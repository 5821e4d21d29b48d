import Delivery
import SQLite
import TestSupport

/// A database of the benchmark's own, written as an API server would.
final class Outbox {
    private let directory: TemporaryDirectory
    private let other: TemporaryDirectory
    let connection: Connection
    let path: String
    /// Rows filled in or inserted up to now.
    private var count = 0

    init() throws {
        directory = try TemporaryDirectory()
        other = try TemporaryDirectory()
        path = directory.file("outbox.db")
        try Product.migrate(path)
        connection = try Connection(path: path, mode: .readWrite)
        try connection.execute("PRAGMA synchronous = FULL")
        try addHelpdesk("portal")
    }

    /// A file that is not beside the database: outboxd watches that directory, and would be woken
    /// by each line of its own log.
    func file(_ name: String) -> String { other.file(name) }

    /// Another connection, as a thread or a process of the API server's has its own.
    func connect() throws -> Connection { try Connection(path: path, mode: .readWrite) }

    /// Rows of conversations of their own, all in one transaction.
    ///
    /// - Parameters:
    ///   - helpdesk: whose they are.
    ///   - recipient: what their addresses begin with.
    ///   - age: how long ago they were written.
    ///   - cancelled: whether they were taken back at once.
    ///   - bodyLength: octets of text; 1,000 make a mail of about 5,000.
    func fill(
        _ rows: Int, helpdesk: String = "acme", recipient: String = "customer",
        age: Duration = .seconds(3_600), cancelled: Bool = false, bodyLength: Int = 1_000
    ) throws {
        let created = TestClock.wall.milliseconds - age.inMilliseconds
        try connection.transaction {
            try addHelpdesk(helpdesk)
            try connection.statement(
                """
                WITH RECURSIVE n (n) AS (SELECT ?1 WHERE ?2 > 0
                    UNION ALL SELECT n + 1 FROM n WHERE n + 1 < ?1 + ?2)
                INSERT INTO outbox (helpdesk_id, conversation_id, message_id, recipient_email,
                    recipient_name, author_name, subject, body_text, cancelled_at, created_at)
                SELECT ?3, 'conversation-' || n, 'message-' || n, ?4 || '-' || n || '@example.test',
                    'Customer ' || n, 'Olga', 'The printer is on fire', ?5, ?6, ?7 + n - ?1
                FROM n
                """
            ).bind(count).bind(rows).bind(helpdesk).bind(recipient)
                .bind(String(Self.text.prefix(bodyLength)))
                .bind(cancelled ? created : nil).bind(created).run()
        }
        count += rows
        try emptyLog()
    }

    /// Whoever has an open row has read it.
    func markAllRead() throws {
        try connection.transaction {
            try connection.execute(
                """
                INSERT OR REPLACE INTO read_markers
                SELECT helpdesk_id, conversation_id, recipient_email, created_at FROM outbox
                WHERE id > (SELECT coalesce(max(id), 0) FROM outboxd_rows)
                """)
        }
        try emptyLog()
    }

    /// One row, in a transaction of its own where none is open.
    ///
    /// - Returns: its recipient, whose mails a ``TimingSink`` notes the time of.
    @discardableResult
    func insert(
        createdAt: Int64, isInstant: Bool = false, over connection: Connection? = nil
    ) throws -> String {
        let number = count
        count += 1
        let recipient = "\(TimingSink.timed)-\(number)@example.test"
        try TestRow(
            to: recipient, conversation: "conversation-\(number)", body: Self.text,
            helpdesk: "portal", message: "message-\(number)", instant: isInstant,
            createdAt: createdAt
        ).with {
            $0.recipientName = "Customer \(number)"
            $0.authorName = "Olga"
            $0.subject = "The printer is on fire"
        }.insert(into: connection ?? self.connection)
        return recipient
    }

    /// With links and addresses, as the README shows it; one that is there stays as it is.
    func addHelpdesk(_ id: String, isPaused: Bool = false) throws {
        try connection.statement(
            """
            INSERT INTO helpdesks (id, name, from_address, reply_to, ticket_center_url, allowed_domains, paused)
            VALUES (?1, ?1 || ' Support', 'support@' || ?1 || '.test', 'reply+{conversation}@' || ?1 || '.test',
                'https://' || ?1 || '.test/help/{conversation}', ?1 || '.test', ?2)
            ON CONFLICT (id) DO NOTHING
            """
        ).bind(id).bind(isPaused).run()
    }

    /// How many rows are in each state.
    func states() throws -> [String: Int] { try counts(by: "state") }

    /// How many pending rows wait for each reason.
    func reasons() throws -> [String: Int] {
        try counts(by: "reason", where: "state = 'pending'")
    }

    /// Moves all of the write-ahead log into the database, so that every run begins alike.
    func emptyLog() throws {
        _ = try connection.checkpoint(.truncate, patience: .seconds(5))
    }

    private func counts(by column: String, where condition: String = "true") throws -> [String: Int]
    {
        let counts = try connection.statement(
            "SELECT \(column), count(*) FROM outbox_status WHERE \(condition) GROUP BY 1"
        ).all { ($0.text(0), Int($0.int(1))) }
        return Dictionary(uniqueKeysWithValues: counts)
    }

    private static let text = String(
        String(
            repeating: "We have looked at your printer, and this is what we found out about it.\n",
            count: 14
        ).prefix(1_000))
}
