package import Delivery
internal import SQLite

/// Who works on this database, and what of each is under way.
extension SQLiteStore {
    package func register(
        journalFile: String, bootID: String, processID: Int32, at now: WallTime
    ) throws -> Instance {
        try inTransaction {
            try connection.statement(
                """
                INSERT INTO outboxd_instances (slot_file, boot_id, process_id, started_at, lease_until)
                VALUES (?, ?, ?, ?, 0)
                """
            ).bind(journalFile).bind(bootID).bind(Int(processID)).bind(now.milliseconds).run()
            return Instance(
                id: connection.lastInsertRowID, journalFile: journalFile, bootID: bootID,
                leaseLeft: .zero)
        }
    }

    package func renewLease(
        of instance: Instance, processID: Int32, for length: Duration, at now: SteadyTime
    ) throws {
        try inTransaction {
            try connection.statement(
                """
                INSERT INTO outboxd_instances
                    (id, slot_file, boot_id, process_id, started_at, lease_until)
                VALUES (?, ?, ?, ?, 0, ?)
                ON CONFLICT (id) DO UPDATE SET lease_until = excluded.lease_until
                """
            ).bind(instance.id).bind(instance.journalFile).bind(instance.bootID).bind(
                Int(processID)
            )
            .bind((now + length).milliseconds).run()
        }
    }

    package func isRegistered(_ id: Int64) throws -> Bool {
        try connection.statement("SELECT 1 FROM outboxd_instances WHERE id = ?").bind(id)
            .first { _ in true } ?? false
    }

    package func others(than id: Int64, at now: SteadyTime) throws -> [Instance] {
        try connection.statement(
            """
            SELECT i.id, i.slot_file, i.boot_id, i.lease_until FROM outboxd_instances i WHERE i.id <> ?1
            UNION ALL
            SELECT DISTINCT m.owner, '', '', 0 FROM outboxd_mails m
            WHERE m.phase = \(phase: .sending) AND m.owner <> ?1
                AND m.owner NOT IN (SELECT id FROM outboxd_instances)
            """
        ).bind(id).all {
            Instance(
                id: $0.int(0), journalFile: $0.text(1), bootID: $0.text(2),
                leaseLeft: Self.left(until: $0.int(3), at: now))
        }
    }

    package func leaseLeft(of id: Int64, at now: SteadyTime) throws -> Duration {
        let until = try connection.statement(
            "SELECT lease_until FROM outboxd_instances WHERE id = ?"
        ).bind(id).first { $0.int(0) }
        return Self.left(until: until ?? 0, at: now)
    }

    /// - Parameter until: Milliseconds of `CLOCK_BOOTTIME`; whatever another program has written there.
    private static func left(until: Int64, at now: SteadyTime) -> Duration {
        let (left, overflows) = until.subtractingReportingOverflow(now.milliseconds)
        return overflows ? .seconds(-1) : .milliseconds(left)
    }

    /// Answered by an index.
    package func othersAreSending(than id: Int64) throws -> Bool {
        try connection.statement(
            "SELECT 1 FROM outboxd_mails WHERE phase = \(phase: .sending) AND owner <> ? LIMIT 1"
        ).bind(id).first { _ in true } ?? false
    }

    package func inFlight(
        of owner: Int64, after: Int64 = 0, limit: Int = 1_000
    ) throws -> [InFlightMail] {
        try connection.statement(
            """
            SELECT id, token, helpdesk_id, conversation_id, recipient, audience, attempts, copies,
                rescues, sender
            FROM outboxd_mails WHERE phase = \(phase: .sending) AND owner = ? AND id > ? ORDER BY id LIMIT ?
            """
        ).bind(owner).bind(after).bind(limit).all { row in
            InFlightMail(
                mailID: row.int(0), token: row.int(1),
                key: row.key(at: 2),
                attempts: Int(row.int(6)), copies: Int(row.int(7)), takeovers: Int(row.int(8)),
                sender: row.text(9), rows: try inFlightRows(of: row.int(0)))
        }
    }

    package func forget(instance id: Int64) throws {
        try inTransaction {
            try connection.statement("DELETE FROM outboxd_instances WHERE id = ?").bind(id).run()
        }
    }

    private func inFlightRows(of mailID: Int64) throws -> [InFlightMail.Row] {
        try connection.statement(
            """
            SELECT id, first_attempt_at, relay_down_before FROM outboxd_rows
            WHERE mail_id = ? AND state = \(row: .pending) ORDER BY id
            """
        ).bind(mailID).all {
            InFlightMail.Row(
                id: $0.int(0), firstAttemptAt: $0.optionalTime(1),
                relayDownBefore: .milliseconds($0.int(2)))
        }
    }
}
