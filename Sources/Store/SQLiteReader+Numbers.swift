package import Delivery
internal import SQLite

extension SQLiteReader {
    package func numbers(at now: WallTime) throws -> OutboxView.Numbers {
        try connection.snapshot {
            var numbers = Numbers(
                counts: Dictionary(uniqueKeysWithValues: RowState.allCases.map { ($0, 0) }),
                waiting: [:], oldestDueAt: nil, savedByRead: 0, savedByCombining: 0,
                mailsInLastMinute: 0, mailsInLastFiveMinutes: 0, mailsInLastHour: 0, heldMails: 0)
            let circumstances = try circumstances(at: now)
            if try mayCountExactly() {
                try countOpen(circumstances, into: &numbers)
            } else {
                try countManyOpen(circumstances, into: &numbers)
            }
            try countNew(circumstances, into: &numbers)
            try countFinished(into: &numbers)
            try countKept(into: &numbers)
            try countPace(at: now, into: &numbers)
            numbers.sendingSince = try sendingSince()
            return numbers
        }
    }

    package func numbers(
        at now: WallTime, within limit: Duration
    ) throws -> OutboxView.Numbers? {
        do {
            return try connection.withLimit(limit) { try numbers(at: now) }
        } catch let error as SQLiteError where error.isAboutTheStatement {
            return nil  // Said above: nil is the answer. `status` counts without a limit.
        }
    }

    /// Whether the numbers of rows say that there are some below the newest one ingested that were
    /// not ingested themselves (explicit ids).
    ///
    /// Where the API server deletes finished rows itself the numbers can hide them, until a daemon
    /// takes them in: to be sure would cost a look at every row.
    ///
    /// In a table of many rows, or of many new ones, nobody looks either: that would take longer than all the rest.
    func haveLateInserts() throws -> Bool {
        if try isLargeTable() || manyNew() != nil { return false }
        return try connection.statement(
            """
            SELECT (SELECT count(*) FROM outbox)
                - (SELECT count(*) FROM outbox o NOT INDEXED WHERE \(Self.notIngested(false)))
                - (SELECT count(*) FROM outbox o NOT INDEXED WHERE \(Self.putOff))
                > (SELECT count(*) FROM outboxd_rows)
            """
        ).first { $0.bool(0) } ?? false
    }

    /// Whether there are more rows than one may count.
    ///
    /// The totals, or the ids, nearly always tell; else half a million rows are passed over.
    private func isLargeTable() throws -> Bool {
        let known = try connection.statement(
            """
            SELECT (SELECT total(number) FROM outboxd_totals WHERE key NOT LIKE 'saved:%') > ?1,
                (SELECT max(id) FROM outboxd_rows) < (SELECT min(id) FROM outboxd_rows) + ?1
            """
        ).bind(Self.largeTable).first { (isLarge: $0.bool(0), isSmall: $0.bool(1)) }
        if let known, known.isLarge || known.isSmall { return known.isLarge }
        return try connection.statement(
            "SELECT 1 FROM outboxd_rows LIMIT 1 OFFSET \(Self.largeTable)"
        ).first { _ in true } ?? false
    }

    private static let largeTable = 500_000

    /// SQL for the id up to which all rows are known, but for late inserts.
    static let newestIngested = """
        min(\(newestKnown), coalesce((
            SELECT CAST(value AS INTEGER) FROM outboxd_meta
            WHERE key = '\(SQLiteStore.floorKey)'), \(Int64.max)))
        """

    /// SQL for the greatest id that was ever ingested, whether its row is still there or not.
    static let newestKnown = """
        max((SELECT coalesce(max(id), \(Int64.min)) FROM outboxd_rows), coalesce((
            SELECT CAST(value AS INTEGER) FROM outboxd_meta WHERE key = '\(RowTable.newestKey)'), \(Int64.min)))
        """

    /// SQL for rows of `outbox o` that are known and not ingested: put off, or not read.
    ///
    /// Those beyond the newest one are new as well.
    static let putOff = "o.id IN (SELECT id FROM outboxd_unread WHERE id <= \(newestIngested))"

    /// SQL for rows of `outbox o` that have not been ingested.
    ///
    /// Those beyond the newest one known are found at once. Late inserts have to be searched for, which
    /// reads a whole index.
    static func notIngested(_ haveLateInserts: Bool) -> String {
        haveLateInserts
            ? "NOT EXISTS (SELECT 1 FROM outboxd_rows k WHERE k.id = o.id)"
            : """
            o.id > \(newestIngested) AND (o.id > \(newestKnown)
                OR NOT EXISTS (SELECT 1 FROM outboxd_rows k WHERE k.id = o.id))
            """
    }

    // MARK: Open rows

    // What was cancelled waits for nothing, also before it is noted as skipped: it is not counted.

    private func countOpen(_ circumstances: Circumstances, into numbers: inout Numbers) throws {
        // Grouped by all that the reason depends on; those of one group have the same.
        let groups = try connection.statement(
            """
            SELECT min(m.id), m.phase, m.wait, min(m.due_at), m.attempts > 0, m.troubles > 0,
                \(LineOfMail.park), m.helpdesk_id, count(*),
                count(DISTINCT m.id)
            FROM outboxd_mails m INDEXED BY outboxd_mails_open
            CROSS JOIN outboxd_rows r ON r.mail_id = m.id
            WHERE m.phase < \(phase: .finished) AND r.state = \(row: .pending) AND EXISTS (
                SELECT 1 FROM outbox o WHERE o.id = r.id AND (o.cancelled_at IS NULL OR m.phase = \(phase: .sending)))
            GROUP BY m.phase, m.wait, m.attempts > 0, m.troubles > 0, m.helpdesk_id, m.due_at <= ?
            """
        ).bind(circumstances.now.milliseconds).all {
            (OpenMail($0, from: 0), $0.text(7), Int($0.int(8)), Int($0.int(9)))
        }
        for (mail, helpdeskID, rows, mails) in groups {
            guard let reason = Self.waitReason(mail, helpdeskID, circumstances, dueAt: mail.dueAt)
            else {
                numbers.counts[.sending, default: 0] += rows
                continue
            }
            if reason == .uncertain { numbers.heldMails += mails }
            numbers.add(rows, waitingFor: reason, dueAt: mail.dueAt, now: circumstances.now)
        }
    }

    private func countNew(_ circumstances: Circumstances, into numbers: inout Numbers) throws {
        if let ids = try manyNew() {
            try countManyNew(ids, circumstances, into: &numbers)
            return try count(.those(Self.putOff), circumstances, into: &numbers)
        }
        let haveLateInserts = try haveLateInserts()
        try count(.those(Self.notIngested(haveLateInserts)), circumstances, into: &numbers)
        if !haveLateInserts { try count(.those(Self.putOff), circumstances, into: &numbers) }
    }

    /// Rows of `outbox o` that are not ingested.
    enum NewRows {
        /// - Parameter condition: in SQL.
        case those(_ condition: String)
        case these([Int64])
    }

    /// New rows that wait for the same reason.
    struct NewGroup {
        var helpdeskID: String
        var rows: Int
        /// Of the first of them.
        var dueAt: WallTime
        var isFaulty: Bool
    }

    private func count(
        _ new: NewRows, _ circumstances: Circumstances, into numbers: inout Numbers
    ) throws {
        for group in try newGroups(new, circumstances) {
            add(group, circumstances, into: &numbers)
        }
    }

    func add(_ group: NewGroup, _ circumstances: Circumstances, into numbers: inout Numbers) {
        let reason = Self.waitReason(
            nil, group.helpdeskID, circumstances, dueAt: group.dueAt, isFaulty: group.isFaulty)
        numbers.add(
            group.rows, waitingFor: reason ?? .queued, dueAt: group.dueAt, now: circumstances.now)
    }

    func newGroups(_ new: NewRows, _ circumstances: Circumstances) throws -> [NewGroup] {
        // Read only if it matters: nothing bounds what stands there.
        let helpdesk = circumstances.paused.isEmpty ? "''" : "o.helpdesk_id"
        let dueAt = UnreadRow.dueAt(hold: "?1")
        let (rows, ids) =
            switch new {
            case .those(let condition): ("outbox o NOT INDEXED WHERE \(condition)", "[]")
            case .these(let ids):
                (
                    """
                    json_each(?3) j CROSS JOIN outbox o NOT INDEXED
                        WHERE o.id = j.value AND \(Self.notIngested(true))
                    """,
                    SQLiteStore.list(ids)
                )
            }
        return try connection.statement(
            """
            SELECT \(helpdesk), count(*), min(\(dueAt)), \(UnreadRow.isFaulty) AS is_faulty
            FROM \(rows) AND o.cancelled_at IS NULL AND ?3 IS NOT NULL
            GROUP BY 1, is_faulty, \(dueAt) <= ?2
            """
        ).bind(circumstances.hold).bind(circumstances.now.milliseconds).bind(ids).all {
            NewGroup(
                helpdeskID: $0.text(0), rows: Int($0.int(1)), dueAt: $0.time(2),
                isFaulty: $0.bool(3))
        }
    }

    // MARK: Finished rows

    /// From the totals that are kept in the transactions that change them.
    private func countFinished(into numbers: inout Numbers) throws {
        let totals = try connection.statement("SELECT key, number FROM outboxd_totals")
            .all { ($0.text(0), Int($0.int(1))) }
        for (key, number) in totals {
            switch key {
            case TotalKey.savedByRead.name: numbers.savedByRead = number
            case TotalKey.savedByCombining.name: numbers.savedByCombining = number
            case _ where key.hasPrefix(TotalKey.prunedPrefix):
                numbers.addPruned(
                    number, key.dropFirst(TotalKey.prunedPrefix.count).split(separator: ":"))
            default: numbers.addEnded(number, key.split(separator: ":").map(String.init))
            }
        }
    }

    /// Rows that are old enough and can't be deleted, as the last look at them had it.
    private func countKept(into numbers: inout Numbers) throws {
        let note = try connection.statement("SELECT value FROM outboxd_meta WHERE key = ?")
            .bind(SQLiteStore.keptKey).first { $0.text(0) }
        let parts = (note ?? "").split(separator: " ", maxSplits: 1)
        guard let rows = parts.first.flatMap({ Int($0) }) else { return }
        numbers.kept = rows
        numbers.keptText = parts.count > 1 ? String(parts[1]) : nil
    }

    func sendingSince() throws -> WallTime? {
        try connection.statement(
            """
            SELECT min(composed_at) FROM (
                SELECT composed_at FROM outboxd_mails INDEXED BY outboxd_mails_sending
                WHERE phase = \(phase: .sending) LIMIT \(Self.mostLookedAt))
            """
        ).first { $0.optionalTime(0) } ?? nil
    }

    /// The end of the ten seconds in which it was.
    func lastSentAt() throws -> WallTime? {
        try connection.statement("SELECT max(step) FROM outboxd_pace").first { row in
            row.optionalInt(0).map { WallTime(milliseconds: ($0 + 1) * Totals.paceStep) }
        } ?? nil
    }

    private func countPace(at now: WallTime, into numbers: inout Numbers) throws {
        let step = Totals.paceStep
        let last = now.milliseconds / step
        func mails(_ minutes: Int64) throws -> Int {
            try connection.statement(
                "SELECT coalesce(sum(mails), 0) FROM outboxd_pace WHERE step > ? AND step <= ?"
            ).bind(last - minutes * 60_000 / step).bind(last).first { Int($0.int(0)) } ?? 0
        }
        numbers.mailsInLastMinute = try mails(1)
        numbers.mailsInLastFiveMinutes = try mails(5)
        numbers.mailsInLastHour = try mails(60)
        numbers.lastSentAt = try lastSentAt()
    }
}

extension OutboxView.Numbers {
    mutating func add(
        _ rows: Int, waitingFor reason: WaitReason, dueAt: WallTime, now: WallTime
    ) {
        counts[.pending, default: 0] += rows
        waiting[reason, default: 0] += rows
        noteDue(dueAt, now: now)
    }

    mutating func noteDue(_ dueAt: WallTime, now: WallTime) {
        if dueAt <= now { oldestDueAt = min(oldestDueAt ?? dueAt, dueAt) }
    }

    /// - Parameter key: a state, and its reason where there is one.
    fileprivate mutating func addEnded(_ number: Int, _ key: [String]) {
        guard let state = RowState.allCases.first(where: { $0.name == key.first }), number > 0
        else { return }
        counts[state, default: 0] += number
        if key.count == 2 { ended[key[1], default: 0] += number }
    }

    fileprivate mutating func addPruned(_ number: Int, _ key: [Substring]) {
        guard let state = RowState.allCases.first(where: { $0.name == key.first ?? "" }),
            number > 0
        else { return }
        pruned[state, default: 0] += number
    }
}
