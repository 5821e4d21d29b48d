internal import Crash
package import Delivery
internal import SQLite

extension SQLiteStore {
    package func ingest(
        limit: Int, wanted: Int, at now: WallTime, rules: IngestRules
    ) throws -> Ingested {
        try inTransaction {
            // A careful repetition writes each row down by itself.
            fresh.begin(room: isolation.isCareful ? 0 : lacking(of: wanted))
            var result = Ingested()
            var (left, looks, fruitless) = (limit, 0, 0)
            repeat {
                // Rows that are skipped leave the room as it was: of a backlog of them each look is twice as long.
                let room = (fresh.room - fresh.count) << fruitless
                let size = fresh.hasRoom ? min(left, room) : left
                let before = fresh.count
                let (rows, hasMore) = try nextArrivals(limit: left, wanted: size)
                try ingest(rows, at: now, rules: rules, into: &result)
                result.hasMore = hasMore
                fruitless = fresh.count == before ? fruitless + 1 : 0
                left -= rows.count
                looks += 1
            } while result.hasMore && fresh.hasRoom && left > 0 && looks < Self.mostLooks
            try ingestUnread(at: now, rules: rules, into: &result)
            CrashPoint.ingestWritten.pass(if: result.rows > 0)
            return result
        }
    }

    /// Those that are in line go first; but a newcomer's helpdesk has its turn, too.
    private func lacking(of wanted: Int) -> Int {
        max(wanted - leftInLine, min(wanted, Self.leastIngested))
    }

    private static let leastIngested = 32
    /// Rows that others have taken in bring nothing, however often one looks.
    private static let mostLooks = 10

    // MARK: Ingest

    func ingest(
        _ rows: [Arrival], at now: WallTime, rules: IngestRules, into result: inout Ingested
    ) throws {
        guard !rows.isEmpty else { return }
        hasBlockedSenders = try SenderBook(connection: connection).hasBlocked()
        hasFormerIdentities =
            try connection.statement(FormerIdentities.areLeft)
            .first { $0.bool(0) } ?? true
        readMails = [:]
        skippedRows = []
        for row in rows { try ingestAlone(row, at: now, rules: rules, into: &result) }
        try writeSkipped(at: now)
    }

    /// Takes one row in; a statement that fails for it is noted, and the row is tried again later.
    private func ingestAlone(
        _ new: Arrival, at now: WallTime, rules: IngestRules, into result: inout Ingested
    ) throws {
        let (faulty, skipped) = (result.faulty.count, result.skipped.count)
        let fault = try isolated(.row(new.id)) {
            switch new {
            case .read(let row):
                try ingest(row, at: now, rules: rules, into: &result)
            case .unread(let id):
                let reader = IncomingRowReader(connection: connection, columns: columns)
                guard let row = try reader.rows(.failed(id), limit: 1).first else { return }
                try ingest(row, at: now, rules: rules, into: &result)
            }
        }
        guard let fault else {
            result.rows += 1
            return
        }
        result.faulty.removeSubrange(faulty...)
        result.skipped.removeSubrange(skipped...)
        result.faults.append(try noteUnread(new.id, faultText(fault), at: now))
    }

    private func ingest(
        _ row: OutboxRow, at now: WallTime, rules: IngestRules, into result: inout Ingested
    ) throws {
        let key = rules.key(of: row)
        let identity = key.identity(ofMessage: row.messageID)
        if let (reason, text) = rules.fault(row) {
            if rules.leavesAlone(row.id) {
                return try putOff(row.id, until: now + IngestRules.leftAlone)
            }
            try insertFaulty(row, key, identity, reason: reason, text: text, at: now)
            result.faulty.append((row.id, reason, text))
            return
        }
        if let notBefore = row.notBefore, notBefore > now {
            return try putOff(row.id, until: notBefore)
        }
        if rules.isStale(row), try !wasRetried(row.id) {
            if rules.leavesAlone(row.id) {
                return try putOff(row.id, until: now + IngestRules.leftAlone)
            }
            let reason = try reasonAgainst(row, key, at: now)
            result.skipped.append(
                try insertSkipped(row, key, identity, reason, dueAt: rules.due(row), at: now))
            return
        }
        let due = rules.due(row)
        if row.isCancelled, !rules.leavesAlone(row.id) {
            result.skipped.append(
                try insertSkipped(row, key, identity, .cancelled, dueAt: due, at: now))
            return
        }
        try writeFresh(besides: key)
        let found = try alreadyThere(row, key, identity)
        if found.sameReply, try joinSameReply(row, key, identity, dueAt: due) { return }
        if expectsRead, due <= now, !found.openMail, !rules.leavesAlone(row.id) {
            expectsRead = try isRead(row, key, at: now)
            if expectsRead {
                result.skipped.append(
                    try insertSkipped(row, key, identity, .read, dueAt: due, at: now))
                return
            }
        }
        let turn: TurnClass = row.isInstant ? .instant : .first
        if found.openMail, let mailID = try openMail(key, dueAt: due, turn) {
            return try rows.insert(
                row.id, mailID: mailID, dueAt: due, identity: identity.number, joins: true)
        }
        try addMail(
            row, key, identity, dueAt: due, turn,
            isAlone: !found.openMail && !rules.leavesAlone(row.id), at: now)
        if hasBlockedSenders {
            try SenderBook(connection: connection)
                .hasten(line: lines.line(of: key.helpdeskID), for: due, at: now)
        }
    }

    // MARK: Rows that are ingested later

    /// Until then the row counts as not yet written (Contract.md, "Hold"), so it is not
    /// ingested: it is in no mail, and stands in no line.
    func putOff(_ id: Int64, until notBefore: WallTime) throws {
        try connection.statement(
            """
            INSERT INTO outboxd_unread (id, retry_at) VALUES (?, ?)
            ON CONFLICT (id) DO UPDATE SET troubles = 0, retry_at = excluded.retry_at, error_text = NULL
            """
        ).bind(id).bind(notBefore.milliseconds).run()
    }

    private func noteUnread(_ id: Int64, _ text: String, at now: WallTime) throws -> StatementFault
    {
        let failures =
            try connection.statement("SELECT troubles FROM outboxd_unread WHERE id = ?").bind(id)
            .first { Int($0.int(0)) } ?? 0
        let until = now + StatementBackoff.delay(failures: failures + 1)
        try connection.statement(
            """
            INSERT INTO outboxd_unread (id, troubles, retry_at, error_text) VALUES (?, 1, ?, ?)
            ON CONFLICT (id) DO UPDATE SET troubles = troubles + 1, retry_at = excluded.retry_at,
                error_text = excluded.error_text
            """
        ).bind(id).bind(until.milliseconds).bind(text).run()
        return StatementFault(
            subject: .row(id), text: text, retryAt: until, isNew: failures == 0)
    }

    /// Tries those again whose time has come.
    private func ingestUnread(
        at now: WallTime, rules: IngestRules, into result: inout Ingested
    ) throws {
        let ids = try connection.statement(
            "SELECT id FROM outboxd_unread WHERE retry_at <= ? ORDER BY retry_at, id LIMIT 200"
        ).bind(now.milliseconds).all { $0.int(0) }
        try ingest(ids.map(Arrival.unread), at: now, rules: rules, into: &result)
        // Those that have failed again, or were put off again, stay.
        for id in ids {
            try connection.statement("DELETE FROM outboxd_unread WHERE id = ? AND retry_at <= ?")
                .bind(id).bind(now.milliseconds).run()
        }
    }

    package func takeUpLeftAlone(at now: WallTime) throws {
        let notBefore = columns.sql("not_before", of: Schema.outbox, "o")
        let ids = try connection.statement(
            """
            SELECT u.id FROM outboxd_unread u INDEXED BY outboxd_unread_retry
            JOIN outbox o ON o.id = u.id
            WHERE u.retry_at > ?1 AND u.retry_at <= ?2 AND u.troubles = 0
                AND coalesce(\(notBefore), 0) <= ?1
            """
        ).bind(now.milliseconds).bind((now + IngestRules.leftAlone).milliseconds)
            .all { $0.int(0) }
        guard !ids.isEmpty else { return }
        try inTransaction {
            try connection.statement(
                """
                UPDATE outboxd_unread SET retry_at = ?
                WHERE id IN (SELECT value FROM json_each(?)) AND troubles = 0
                """
            ).bind(now.milliseconds).bind(Self.list(ids)).run()
        }
    }

    package func hasUnread(at now: WallTime) throws -> Bool {
        try connection.statement("SELECT 1 FROM outboxd_unread WHERE retry_at <= ? LIMIT 1")
            .bind(now.milliseconds).first { _ in true } ?? false
    }

    // MARK: Mails and rows

    /// The waiting mail that the row belongs to, made due no later than the row.
    ///
    /// A mail that is being sent, or is frozen, takes no new rows; a deferred one keeps its time.
    private func openMail(_ key: MailKey, dueAt: WallTime, _ turn: TurnClass) throws -> Int64? {
        let found = try connection.statement(
            """
            SELECT id, due_at, line, class, wait FROM outboxd_mails
            WHERE \(MailTable.takesRows)
            ORDER BY id LIMIT 1
            """
        ).bind(key.recipient).bind(key.conversationID).bind(key.helpdeskID).bind(key.audience)
            .first {
                (
                    id: $0.int(0), dueAt: $0.time(1), line: $0.int(2),
                    turn: TurnClass(rawValue: $0.int(3)) ?? .first, wait: $0.int(4)
                )
            }
        guard let mail = found else { return nil }
        guard mail.turn != .retry, dueAt < mail.dueAt || turn.rawValue < mail.turn.rawValue else {
            return mail.id
        }
        let dueAt = min(dueAt, mail.dueAt)
        let better = turn.rawValue < mail.turn.rawValue ? turn : mail.turn
        try mails.hasten(mail.id, better, dueAt: dueAt)
        if mail.wait == Wait.inLine.rawValue {
            try lines.announce(mail.line, better, dueAt: dueAt)
        }
        return mail.id
    }

    func insertMail(_ key: MailKey, dueAt: WallTime, _ turn: TurnClass) throws -> Int64 {
        let line = try lines.line(of: key.helpdeskID)
        let id = try mailIDs.next(connection)
        try mails.insert(id, key, dueAt: dueAt, line: line, turn: turn)
        try lines.announce(line, turn, dueAt: dueAt)
        return id
    }

    private func insertFaulty(
        _ row: OutboxRow, _ key: MailKey, _ identity: RowIdentity, reason: FailReason, text: String,
        at now: WallTime
    ) throws {
        let mailID = try mailIDs.next(connection)
        try mails.insertFinished(
            [(mailID, key, dueAt: now, line: try lines.line(of: key.helpdeskID))])
        try rows.insert(row.id, mailID: mailID, dueAt: now, identity: identity.number)
        try rows.fail(row.id, reason: reason, text: text, at: now)
    }

    /// An operator wants it sent: it failed for its own values, was corrected, and is taken in anew.
    private func wasRetried(_ id: Int64) throws -> Bool {
        try connection.statement(
            "SELECT 1 FROM outboxd_deeds WHERE row_id = ? AND what = ? LIMIT 1"
        ).bind(id).bind(Deed.What.retried.rawValue).first { _ in true } ?? false
    }
}
