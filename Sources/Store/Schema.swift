/// The DDL, in the order in which it is applied. https://sqlite.org/lang_createtable.html
///
/// Two concerns: the tables that the API server writes (Contract.md), which may exist
/// already and are only checked then; and outboxd's own, whose names begin with `outboxd_` and which
/// are versioned by ``Migration``.
package enum Schema {
    /// Milliseconds since the epoch, now; SQLite 3.40 has no `unixepoch('subsec')`.
    static let now = "CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)"

    /// Whether a row of `helpdesks` is paused.
    ///
    /// A view may give a number as a text, and SQLite has every text stand behind
    /// every number.
    static let isPaused = "CAST(paused AS INTEGER) <> 0"

    /// Whether a row of `suppressions` counts at the moment that the parameter gives; also of a view, as ``isPaused``.
    static func isInForce(at moment: Int) -> String {
        "(expires_at IS NULL OR CAST(expires_at AS INTEGER) > ?\(moment))"
    }

    /// Whether an address gets no mail.
    ///
    /// The numbers are those of the parameters.
    static func isSuppressed(helpdesk: Int, address: Int, at moment: Int) -> String {
        """
        (EXISTS (SELECT 1 FROM suppressions WHERE helpdesk_id = '' AND address = ?\(address)
                AND \(isInForce(at: moment)))
            OR EXISTS (SELECT 1 FROM suppressions WHERE helpdesk_id = ?\(helpdesk)
                AND address = ?\(address) AND \(isInForce(at: moment)))
            OR EXISTS (SELECT 1 FROM outboxd_suppressing WHERE helpdesk_id = ?\(helpdesk)
                AND address = ?\(address) AND expires_at > ?\(moment)))
        """
    }

    /// The tables of the API server, with the columns that must be there.
    package static let apiTables: [APITable] = [outbox, readMarkers, helpdesks, suppressions]

    static let outbox = APITable(
        "outbox", mayBeView: false,
        columns: [
            APIColumn("id", "INTEGER PRIMARY KEY AUTOINCREMENT"),
            APIColumn("helpdesk_id", "TEXT NOT NULL"),
            APIColumn("conversation_id", "TEXT NOT NULL"),
            APIColumn("message_id", "TEXT NOT NULL"),
            APIColumn("audience", "TEXT NOT NULL DEFAULT 'visitor'"),
            APIColumn("recipient_email", "TEXT NOT NULL"),
            APIColumn("recipient_name", "TEXT", isOptional: true),
            APIColumn("author_name", "TEXT", isOptional: true),
            APIColumn("subject", "TEXT", isOptional: true),
            APIColumn("body_text", "TEXT NOT NULL"),
            APIColumn("attachments", "TEXT", isOptional: true),
            APIColumn("page_url", "TEXT", isOptional: true),
            APIColumn("unsubscribe_url", "TEXT", isOptional: true),
            APIColumn("in_reply_to", "TEXT", isOptional: true),
            APIColumn("locale", "TEXT", isOptional: true),
            APIColumn("instant", "INTEGER NOT NULL DEFAULT 0"),
            APIColumn("not_before", "INTEGER", isOptional: true),
            APIColumn("traceparent", "TEXT", isOptional: true),
            APIColumn("cancelled_at", "INTEGER"),
            APIColumn("created_at", "INTEGER NOT NULL DEFAULT (\(now))"),
        ],
        constraint: "UNIQUE (helpdesk_id, message_id, recipient_email)")

    static let readMarkers = APITable(
        "read_markers", mayBeView: true,
        columns: [
            APIColumn("helpdesk_id", "TEXT NOT NULL"),
            APIColumn("conversation_id", "TEXT NOT NULL"),
            APIColumn("reader_email", "TEXT NOT NULL"),
            APIColumn("last_read_at", "INTEGER NOT NULL"),
        ],
        constraint: "PRIMARY KEY (helpdesk_id, conversation_id, reader_email)")

    static let helpdesks = APITable(
        "helpdesks", mayBeView: true,
        columns: [
            APIColumn("id", "TEXT PRIMARY KEY"),
            APIColumn("name", "TEXT NOT NULL"),
            APIColumn("from_address", "TEXT NOT NULL"),
            APIColumn("reply_to", "TEXT", isOptional: true),
            APIColumn("bounce_address", "TEXT"),
            APIColumn("ticket_center_url", "TEXT"),
            APIColumn("dashboard_url", "TEXT"),
            APIColumn("allowed_domains", "TEXT NOT NULL DEFAULT ''"),
            APIColumn("locale", "TEXT NOT NULL DEFAULT 'en'", isOptional: true),
            APIColumn("time_zone", "TEXT", isOptional: true),
            APIColumn("brand_color", "TEXT", isOptional: true),
            APIColumn("logo_url", "TEXT", isOptional: true),
            APIColumn("footer_text", "TEXT", isOptional: true),
            APIColumn("paused", "INTEGER NOT NULL DEFAULT 0"),
        ])

    static let suppressions = APITable(
        "suppressions", mayBeView: true,
        columns: [
            APIColumn("helpdesk_id", "TEXT NOT NULL DEFAULT ''"),
            APIColumn("address", "TEXT NOT NULL"),
            APIColumn("reason", "TEXT NOT NULL"),
            APIColumn("created_at", "INTEGER NOT NULL"),
            APIColumn("expires_at", "INTEGER"),
        ],
        constraint: "PRIMARY KEY (helpdesk_id, address)")
}
