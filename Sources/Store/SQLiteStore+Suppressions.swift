package import Delivery
internal import SQLite

/// `suppress`: an operator's entries in the API server's table.
extension SQLiteStore {
    package func suppress(
        _ address: String, helpdesk: String, until: WallTime?, by note: OperatorNote,
        at now: WallTime
    ) throws {
        let reason = "by \(note.who)" + (note.why.map { ": \($0)" } ?? "")
        try inTransaction {
            try connection.statement(
                "UPDATE suppressions SET reason = ?, expires_at = ? WHERE helpdesk_id = ? AND address = ?"
            ).bind(reason).bind(until?.milliseconds).bind(helpdesk).bind(address).run()
            try insertSuppression(
                address, helpdesk, reason: reason, createdAt: now.milliseconds,
                expiresAt: until?.milliseconds)
            try record(.suppressed, helpdesk: helpdesk, by: note.about(address), at: now)
        }
    }

    package func unsuppress(
        _ address: String, helpdesk: String, by note: OperatorNote, at now: WallTime
    ) throws -> Bool {
        try inTransaction {
            let wasThere = try isInTable(address, helpdesk)
            if wasThere {
                try connection.statement(
                    "DELETE FROM suppressions WHERE helpdesk_id = ? AND address = ?"
                ).bind(helpdesk).bind(address).run()
                if try isInTable(address, helpdesk) {
                    throw SQLiteError.ignored("DELETE FROM suppressions")
                }
            }
            // One of outboxd's own that is not in that table yet.
            try connection.statement(
                "DELETE FROM outboxd_suppressing WHERE helpdesk_id = ? AND address = ?"
            ).bind(helpdesk).bind(address).run()
            guard wasThere || connection.changes > 0 else { return false }
            try record(.unsuppressed, helpdesk: helpdesk, by: note.about(address), at: now)
            return true
        }
    }

    /// Adds an entry to the API server's table, where there is none of that address yet.
    ///
    /// - Throws: ``SQLiteError`` also where a trigger has said RAISE(IGNORE), or written it elsewhere.
    func insertSuppression(
        _ address: String, _ helpdesk: String, reason: String, createdAt: Int64, expiresAt: Int64?
    ) throws {
        // An API server's own table need not have the key that ON CONFLICT would ask for.
        try connection.statement(
            """
            INSERT INTO suppressions (helpdesk_id, address, reason, created_at, expires_at)
            SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS (
                SELECT 1 FROM suppressions WHERE helpdesk_id = ?1 AND address = ?2)
            """
        ).bind(helpdesk).bind(address).bind(reason).bind(createdAt).bind(expiresAt).run()
        guard try isInTable(address, helpdesk) else {
            throw SQLiteError.ignored("INSERT INTO suppressions")
        }
    }

    private func isInTable(_ address: String, _ helpdesk: String) throws -> Bool {
        try connection.statement("SELECT 1 FROM suppressions WHERE helpdesk_id = ? AND address = ?")
            .bind(helpdesk).bind(address).first { _ in true } ?? false
    }

    // MARK: The relay

    /// The daemons see it as any other commit.
    package func wantProbe(at now: WallTime) throws {
        try inTransaction {
            try connection.statement("UPDATE outboxd_relay SET probe_wanted_at = ?")
                .bind(now.milliseconds).run()
        }
    }
}

extension OperatorNote {
    fileprivate func about(_ address: String) -> OperatorNote {
        OperatorNote(who: who, why: ([address] + [why].compactMap(\.self)).joined(separator: ": "))
    }
}
