internal import Delivery
internal import SQLite

/// The wall clock may be set while mails wait.
extension SQLiteStore {
    /// The offset is kept in the database, so that of several processes only the first moves the
    /// times.
    package func followClock(
        bootID: String, offset: Duration, jump: (_ from: Duration, _ to: Duration) -> Duration?
    ) throws -> Duration? {
        let known = try meta("clock")
        let current = "\(bootID) \(offset.inMilliseconds)"
        if known == current { return nil }
        let parts = (known ?? "").split(separator: " ")
        if parts.count == 2, parts[0] == bootID, let before = Int64(parts[1]) {
            guard let by = jump(.milliseconds(before), offset) else { return nil }
            try inTransaction {
                // Another process may have followed in between.
                guard try meta("clock") == known else { return }
                try shiftTimes(by: by)
                try setMeta("clock", current)
            }
            return by
        }
        try setMeta("clock", current)
        return nil
    }

    private func shiftTimes(by: Duration) throws {
        let by = by.inMilliseconds
        try connection.statement(
            """
            UPDATE outboxd_rows SET due_at = due_at + ?1, first_attempt_at = first_attempt_at + ?1
            WHERE state = 0 AND mail_id IN (SELECT id FROM outboxd_mails WHERE phase < 2)
            """
        ).bind(by).run()
        try connection.statement("UPDATE outboxd_mails SET due_at = due_at + ? WHERE phase < 2")
            .bind(by).run()
        try lines.recountAll()
        try connection.statement("UPDATE outboxd_senders SET probe_at = probe_at + ?").bind(by)
            .run()
        try connection.statement("UPDATE outboxd_relay SET since = since + ? WHERE state = 'down'")
            .bind(by).run()
    }

    package func follow(hold: Duration) throws {
        let now = hold.inMilliseconds
        guard let before = try meta("hold").flatMap({ Int64($0) }) else {
            return try setMeta("hold", String(now))
        }
        guard before != now else { return }
        try inTransaction {
            let waiting = "SELECT id FROM outboxd_mails WHERE phase = 0 AND attempts = 0"
            try connection.statement(
                """
                UPDATE outboxd_rows SET due_at = due_at + ?
                WHERE state = 0 AND mail_id IN (\(waiting))
                    AND EXISTS (SELECT 1 FROM outbox o WHERE o.id = outboxd_rows.id AND o.instant = 0)
                """
            ).bind(now - before).run()
            try connection.statement(
                """
                UPDATE outboxd_mails SET due_at = coalesce((
                    SELECT min(due_at) FROM outboxd_rows r
                    WHERE r.mail_id = outboxd_mails.id AND r.state = 0), due_at)
                WHERE phase = 0 AND attempts = 0
                """
            ).run()
            try lines.recountAll()
            try setMeta("hold", String(now))
        }
    }

    package func meta(_ key: String) throws -> String? {
        try connection.statement("SELECT value FROM outboxd_meta WHERE key = ?").bind(key)
            .first { $0.text(0) }
    }

    package func setMeta(_ key: String, _ value: String) throws {
        try inTransaction {
            try connection.statement(
                """
                INSERT INTO outboxd_meta (key, value) VALUES (?, ?)
                ON CONFLICT (key) DO UPDATE SET value = excluded.value
                """
            ).bind(key).bind(value).run()
        }
    }
}
