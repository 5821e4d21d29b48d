/// The DDL, in the order in which it is applied. https://sqlite.org/lang_createtable.html
///
/// Two concerns: the tables that the API server writes (contract, section 2), which may exist
/// already and are only checked then; and outboxd's own, whose names begin with `outboxd_` and which
/// are versioned by ``Migration``.
package enum Schema {
    /// Milliseconds since the epoch, now; SQLite 3.40 has no `unixepoch('subsec')`.
    static let now = "CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)"

    /// The tables of the API server, with the columns that must be there.
    static let apiTables: [APITable] = [outbox, readMarkers, helpdesks, suppressions]

    static let outbox = APITable(
        name: "outbox", mayBeView: false,
        columns: [
            "id", "helpdesk_id", "conversation_id", "message_id", "audience", "recipient_email",
            "recipient_name", "author_name", "subject", "body_text", "attachments", "page_url",
            "unsubscribe_url", "in_reply_to", "locale", "instant", "cancelled_at", "created_at",
        ],
        ddl: """
            CREATE TABLE outbox (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                helpdesk_id TEXT NOT NULL,
                conversation_id TEXT NOT NULL,
                message_id TEXT NOT NULL,
                audience TEXT NOT NULL DEFAULT 'visitor',
                recipient_email TEXT NOT NULL,
                recipient_name TEXT,
                author_name TEXT,
                subject TEXT,
                body_text TEXT NOT NULL,
                attachments TEXT,
                page_url TEXT,
                unsubscribe_url TEXT,
                in_reply_to TEXT,
                locale TEXT,
                instant INTEGER NOT NULL DEFAULT 0,
                cancelled_at INTEGER,
                created_at INTEGER NOT NULL DEFAULT (\(now)),
                UNIQUE (helpdesk_id, message_id, recipient_email)
            ) STRICT
            """)

    static let readMarkers = APITable(
        name: "read_markers", mayBeView: true,
        columns: ["helpdesk_id", "conversation_id", "reader_email", "last_read_at"],
        ddl: """
            CREATE TABLE read_markers (
                helpdesk_id TEXT NOT NULL,
                conversation_id TEXT NOT NULL,
                reader_email TEXT NOT NULL,
                last_read_at INTEGER NOT NULL,
                PRIMARY KEY (helpdesk_id, conversation_id, reader_email)
            ) STRICT
            """)

    static let helpdesks = APITable(
        name: "helpdesks", mayBeView: true,
        columns: [
            "id", "name", "from_address", "reply_to", "bounce_address", "ticket_center_url",
            "dashboard_url", "allowed_domains", "locale", "paused",
        ],
        ddl: """
            CREATE TABLE helpdesks (
                id TEXT PRIMARY KEY,
                name TEXT NOT NULL,
                from_address TEXT NOT NULL,
                reply_to TEXT,
                bounce_address TEXT,
                ticket_center_url TEXT,
                dashboard_url TEXT,
                allowed_domains TEXT NOT NULL DEFAULT '',
                locale TEXT NOT NULL DEFAULT 'en',
                paused INTEGER NOT NULL DEFAULT 0
            ) STRICT
            """)

    static let suppressions = APITable(
        name: "suppressions", mayBeView: true,
        columns: ["helpdesk_id", "address", "reason", "created_at", "expires_at"],
        ddl: """
            CREATE TABLE suppressions (
                helpdesk_id TEXT NOT NULL DEFAULT '',
                address TEXT NOT NULL,
                reason TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                expires_at INTEGER,
                PRIMARY KEY (helpdesk_id, address)
            ) STRICT
            """)
}

/// A table that belongs to the API server.
package struct APITable: Sendable {
    package let name: String
    /// The API server may define it as a view over tables of its own.
    package let mayBeView: Bool
    package let columns: [String]
    package let ddl: String
}
