internal import Delivery
internal import SQLite

extension SQLiteReader {
    package func facts() throws -> OutboxView.Facts {
        try connection.snapshot {
            Facts(
                sqliteVersion: try text("SELECT sqlite_version()"),
                journalMode: try text("PRAGMA journal_mode"),
                step: try Migrator(connection: connection).currentStep() ?? 0,
                outboxHasUniqueReplies: try hasUniqueReplies(),
                newestCreatedAt: try connection.statement(
                    "SELECT created_at FROM outbox ORDER BY id DESC LIMIT 1"
                ).first { $0.time(0) },
                helpdesks: try helpdeskIDs().count,
                foreignTriggers: try connection.statement(
                    """
                    SELECT name, tbl_name FROM sqlite_schema
                    WHERE type = 'trigger' AND tbl_name LIKE 'outboxd\\_%' ESCAPE '\\' LIMIT 20
                    """
                ).all { Facts.Trigger(name: $0.text(0), table: $0.text(1)) })
        }
    }

    /// Takes the write lock and gives it back, with nothing written: whether this process may write,
    /// and can get a word in.
    package func probeWriting(patience: Duration) throws {
        try connection.withPatience(patience) {
            try connection.transaction {
                // BEGIN IMMEDIATE succeeds on a file that may only be read; a statement that could
                // write does not.
                try connection.execute("DELETE FROM outboxd_meta WHERE 0")
            }
        }
    }

    package func damage(while mayGoOn: @escaping () -> Bool) throws -> String? {
        try connection.integrityFault(while: mayGoOn)
    }

    package func totalsAreRight() throws -> Bool { try !TotalsRebuild.isWrong(connection) }

    private func text(_ sql: String) throws -> String {
        try connection.statement(sql).first { $0.text(0) } ?? ""
    }

    private func hasUniqueReplies() throws -> Bool {
        let columns = "helpdesk_id,message_id,recipient_email"
        return try connection.statement(
            """
            SELECT 1 FROM pragma_index_list('outbox') l
            WHERE l."unique" AND NOT l.partial AND (
                SELECT group_concat(name, ',') FROM (
                    SELECT name FROM pragma_index_info(l.name) ORDER BY name)) = ?
            """
        ).bind(columns).first { _ in true } ?? false
    }
}
