internal import Crash
package import Delivery
internal import SQLite

/// The wall clock may be set while mails wait, and so may the hold.
extension SQLiteStore {
    /// What outboxd last knew of the clock: `boot offset mails rows`, the last two the newest mail and row of
    /// earlier boots.
    private struct KnownClock {
        var bootID: String
        var offset: Int64
        var newestMailBefore: Int64
        var newestRowBefore: Int64

        init?(_ text: String?) {
            let parts = (text ?? "").split(separator: " ")
            guard parts.count >= 2,
                let offset = Int64(parts[parts.count == 2 ? 1 : parts.count - 3])
            else { return nil }
            bootID = parts.dropLast(parts.count == 2 ? 1 : 3).joined(separator: " ")
            self.offset = offset
            // An older outboxd noted neither: all mail counts as this boot's.
            newestMailBefore = parts.count == 2 ? 0 : Int64(parts[parts.count - 2]) ?? 0
            newestRowBefore = parts.count == 2 ? 0 : Int64(parts[parts.count - 1]) ?? 0
        }

        init(bootID: String, offset: Int64, newestMailBefore: Int64, newestRowBefore: Int64) {
            self.bootID = bootID
            self.offset = offset
            self.newestMailBefore = newestMailBefore
            self.newestRowBefore = newestRowBefore
        }

        var text: String { "\(bootID) \(offset) \(newestMailBefore) \(newestRowBefore)" }
    }

    /// The offset is kept in the database, so that of several processes only the first moves the
    /// times.
    package func followClock(
        bootID: String, offset: Duration, at now: WallTime,
        jump: (_ from: Duration, _ to: Duration) -> Duration?
    ) throws -> Duration? {
        let text = try meta("clock")
        guard let known = KnownClock(text), known.bootID == bootID else {
            try rememberBoot(bootID, offset: offset)
            return nil
        }
        guard let by = jump(.milliseconds(known.offset), offset) else { return nil }
        return try inTransaction {
            // Another process may have followed in between.
            guard try meta("clock") == text else { return nil }
            try noteStep(by: by, at: now, known)
            var next = known
            next.offset = offset.inMilliseconds
            try setMeta("clock", next.text)
            _ = try moveTimes()
            CrashPoint.shiftNoted.pass()
            return by
        }
    }

    /// In this boot the clock has not been seen yet: what is in the tables was dated by another's.
    private func rememberBoot(_ bootID: String, offset: Duration) throws {
        try inTransaction {
            let known = KnownClock(
                bootID: bootID, offset: offset.inMilliseconds,
                newestMailBefore: try newest("outboxd_mails"),
                newestRowBefore: try newest("outboxd_rows"))
            try setMeta("clock", known.text)
        }
    }

    private func newest(_ table: String) throws -> Int64 {
        try connection.statement("SELECT max(id) FROM \(table)").first { $0.int(0) } ?? 0
    }

    /// The steady clock reads 0 at boot, so that the offset is the wall clock's time then.
    private func noteStep(by: Duration, at now: WallTime, _ known: KnownClock) throws {
        let id = try noteShift(
            "clock", by: by, noticedAt: now, bootedAt: WallTime(milliseconds: known.offset),
            mailsBefore: known.newestMailBefore, rowsBefore: known.newestRowBefore)
        let oldNow = (now - by).milliseconds
        try mails.noteStepWhileSending(id)
        try connection.statement(
            "UPDATE outboxd_senders SET probe_at = probe_at + ?1 WHERE probe_at BETWEEN ?2 AND ?3"
        ).bind(by.inMilliseconds).bind(known.offset).bind(oldNow + 86_400_000).run()
        for table in ["outboxd_lines", "outboxd_unread", "outboxd_suppressing"] {
            // Without a failure it is what the API server asked for: `not_before`, by whatever clock.
            let condition = table == "outboxd_unread" ? "AND troubles > 0" : ""
            try connection.statement(
                "UPDATE \(table) SET retry_at = retry_at + ?1 WHERE retry_at BETWEEN ?2 AND ?3 \(condition)"
            ).bind(by.inMilliseconds).bind(known.offset).bind(oldNow + 86_400_000).run()
        }
        try connection.statement(
            """
            UPDATE outboxd_relay SET since = since + ?1
            WHERE state = \(relay: .down) AND since BETWEEN ?2 AND ?3
            """
        ).bind(by.inMilliseconds).bind(known.offset).bind(oldNow).run()
    }

    private func noteShift(
        _ kind: String, by: Duration, noticedAt: WallTime = WallTime(milliseconds: 0),
        bootedAt: WallTime = WallTime(milliseconds: 0), mailsBefore: Int64 = 0,
        rowsBefore: Int64 = 0
    ) throws -> Int64 {
        try connection.statement(
            """
            INSERT INTO outboxd_shifts (kind, moved_by, noticed_at, booted_at, mails_before, rows_before,
                newest_in_outbox, newest_mail, newest_row, position)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
            """
        ).bind(kind).bind(by.inMilliseconds).bind(noticedAt.milliseconds)
            .bind(bootedAt.milliseconds).bind(mailsBefore).bind(rowsBefore)
            .bind(try newest("outbox")).bind(try newest("outboxd_mails"))
            .bind(try newest("outboxd_rows")).run()
        return connection.lastInsertRowID
    }

    /// Goes on with what is to be moved: a thousand mails, some 10 ms.
    /// - Returns: what is left after that.
    package func moveTimes() throws -> TimesToMove {
        let select = "SELECT \(TimeShift.columns) FROM outboxd_shifts WHERE position IS NOT NULL"
        guard try connection.statement("\(select) LIMIT 1").first({ _ in true }) != nil else {
            return .none
        }
        return try inTransaction {
            let shifts = try connection.statement("\(select) ORDER BY id").all(TimeShift.init)
            guard var shift = shifts.first else { return .none }
            let hasMore = try shift.step(connection)
            if !hasMore { try lines.recountAll() }
            let left = hasMore ? shifts[...] : shifts.dropFirst()
            if left.contains(where: \.isOfClock) { return .clock }
            return left.isEmpty ? .none : .hold
        }
    }

    /// The steps of the clock that rows may have to follow which are not ingested yet, the oldest first.
    package func clockSteps() throws -> [ClockStep] {
        let all = try connection.statement(
            "SELECT \(TimeShift.columns) FROM outboxd_shifts WHERE kind = 'clock' ORDER BY id"
        ).all(TimeShift.init)
        return all.compactMap { if case .clock(let step) = $0.kind { step } else { nil } }
    }

    package func hold() throws -> Duration? {
        try meta(HoldOwner.hold).flatMap { Int64($0) }.map { .milliseconds($0) }
    }

    /// nil if no daemon has run.
    func daemonsHold() throws -> Duration? {
        try meta(HoldOwner.key) == HoldOwner.drain.rawValue ? nil : hold()
    }

    package func follow(hold: Duration, of owner: HoldOwner) throws {
        let (before, isDaemons) = (try self.hold(), try daemonsHold() != nil)
        switch owner {
        case .run: if isDaemons, before == hold { return }
        case .drain: if isDaemons || before == hold { return }
        case .chosenRows: if before != nil { return }
        }
        try inTransaction {
            if let before, before != hold { _ = try noteShift("hold", by: hold - before) }
            try setMeta(HoldOwner.hold, String(hold.inMilliseconds))
            try setMeta(HoldOwner.key, (owner == .run ? HoldOwner.run : .drain).rawValue)
            if before != nil { _ = try moveTimes() }
            CrashPoint.shiftNoted.pass()
        }
    }

    /// Shifts that are through and that no row can have to follow any more.
    func forgetShifts() throws {
        let isOver = "position IS NULL AND (kind = 'hold' OR newest_in_outbox <= ?)"
        let found = try connection.statement(
            "SELECT 1 FROM outboxd_shifts WHERE \(isOver) LIMIT 1"
        ).bind(newestIngested).first { _ in true }
        guard found != nil else { return }
        try inTransaction {
            try connection.statement("DELETE FROM outboxd_shifts WHERE \(isOver)")
                .bind(newestIngested).run()
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
