internal import Delivery
internal import SQLite

extension SQLiteReader {
    /// What the state of every row depends on besides its own columns.
    struct Circumstances {
        var now: WallTime
        var paused: Set<String>
        var isEverythingPaused: Bool
        /// Everything is held since the database was restored.
        var isRestored: Bool
        var isRelayDown: Bool
        /// The hold that the daemon last ran with, in milliseconds.
        var hold: Int64

        func isPaused(_ helpdeskID: String) -> Bool {
            isEverythingPaused || paused.contains(helpdeskID)
        }
    }

    func circumstances(at now: WallTime) throws -> Circumstances {
        let pauses = try readPauses()
        let hold = try connection.statement(
            "SELECT CAST(value AS INTEGER) FROM outboxd_meta WHERE key = 'hold'"
        ).first { $0.int(0) }
        return Circumstances(
            now: now, paused: Set(pauses.compactMap(\.helpdeskID)),
            isEverythingPaused: pauses.contains { $0.helpdeskID == nil },
            isRestored: try readRestoration() != nil,
            isRelayDown: try connection.statement("SELECT state FROM outboxd_relay")
                .first { $0.text(0) } == RelayState.down.rawValue,
            hold: hold ?? HoldPolicy.standard.inMilliseconds)
    }

    /// nil if the row does not stand in `outbox` (any more).
    func row(_ id: Int64, _ circumstances: Circumstances) throws -> Row? {
        do {
            let ids = [
                "o.helpdesk_id", "o.conversation_id", "o.message_id", "o.audience",
                "o.recipient_email",
            ]
            return try row(id, ids: ids, circumstances)
        } catch let error as SQLiteError where error.isTooBig {
            // One tenant's row of 200 MB takes neither the list away from all others nor our memory.
            var row = try row(id, ids: Array(repeating: "''", count: 5), circumstances)
            let columns = OutboxColumns(connection: connection, id: id)
            row?.helpdeskID = try columns.identity("helpdesk_id")
            row?.conversationID = try columns.identity("conversation_id")
            row?.messageID = try columns.identity("message_id")
            row?.audience = try columns.identity("audience")
            row?.recipientEmail = try columns.identity("recipient_email")
            return row
        }
    }

    /// - Parameter ids: SQL for helpdesk, conversation, message, audience and recipient.
    private func row(_ id: Int64, ids: [String], _ circumstances: Circumstances) throws -> Row? {
        try connection.statement(
            """
            SELECT o.id, \(ids.joined(separator: ", ")), o.instant, o.created_at,
                r.state, r.reason, r.uncertain, r.attempts, r.due_at, r.sent_at, r.finished_at,
                r.error_stage, r.error_code, r.error_enhanced, r.error_text,
                m.id, m.phase, m.wait, m.due_at, m.attempts, m.troubles,
                \(LineOfMail.park), m.email_message_id,
                \(UnreadRow.isFaulty), \(UnreadRow.dueAt(hold: "?1")),
                coalesce(\(LineOfMail.error), (
                    SELECT u.error_text FROM outboxd_unread u WHERE u.id = o.id))
            FROM outbox o
            LEFT JOIN outboxd_rows r ON r.id = o.id
            LEFT JOIN outboxd_mails m ON m.id = r.mail_id
            WHERE o.id = ?2
            """
        ).bind(circumstances.hold).bind(id).first { Row($0, circumstances) }
    }
}

extension OutboxView.Row {
    fileprivate init(_ row: Statement, _ circumstances: SQLiteReader.Circumstances) {
        let mail = row.isNull(19) ? nil : SQLiteReader.OpenMail(row, from: 19)
        id = row.int(0)
        helpdeskID = row.text(1, limit: OutboxLimits.identity)
        conversationID = row.text(2, limit: OutboxLimits.identity)
        messageID = row.text(3, limit: OutboxLimits.identity)
        audience = row.text(4, limit: OutboxLimits.identity)
        recipientEmail = row.text(5, limit: OutboxLimits.identity)
        isUncertain = row.bool(10)
        attempts = Int(row.int(11))
        createdAt = row.time(7)
        sentAt = row.optionalTime(13)
        finishedAt = row.optionalTime(14)
        emailMessageID = row.optionalText(26)
        lastError = row.optionalText(18).map { text in
            OutboxView.Failure(
                stage: row.optionalText(15), code: row.optionalInt(16).map(Int.init),
                enhanced: row.optionalText(17), text: text)
        }
        mailID = row.optionalInt(19)
        let finished = row.optionalInt(8).flatMap(RowState.init(rawValue:)).flatMap {
            $0 == .pending ? nil : $0
        }
        if let finished {
            (state, reason) = (finished, row.optionalText(9))
            dueAt = row.time(12)
        } else {
            state = mail?.isBeingSent == true ? .sending : .pending
            if let text = row.optionalText(29) {
                lastError = OutboxView.Failure(stage: Stage.store.rawValue, text: text)
            }
            dueAt = mail?.dueAt ?? row.time(28)
            reason =
                SQLiteReader.waitReason(
                    mail, helpdeskID, circumstances, dueAt: dueAt, isFaulty: row.bool(27))?.rawValue
        }
    }
}

extension SQLiteReader {
    /// The columns `id, phase, wait, due_at, attempts, troubles` of a mail that has open rows, and
    /// `parked` of its line.
    struct OpenMail {
        var isBeingSent: Bool
        var wait: Wait?
        var dueAt: WallTime
        var wasTried: Bool
        /// A statement about it failed.
        var isFaulty: Bool
        var park: Line.Park

        /// One that stands in its line, as far as the index of those tells.
        init(isInLine turn: TurnClass, park: Line.Park, dueAt: WallTime) {
            isBeingSent = false
            wait = .inLine
            self.dueAt = dueAt
            wasTried = turn == .retry
            isFaulty = false
            self.park = park
        }

        init(_ row: Statement, from column: Int32) {
            isBeingSent = Phase(rawValue: row.int(column + 1)) == .sending
            wait = Wait(rawValue: row.int(column + 2))
            dueAt = row.time(column + 3)
            wasTried = row.int(column + 4) > 0
            isFaulty = row.int(column + 5) > 0
            park = Line.Park(rawValue: row.int(column + 6)) ?? .none
        }
    }

    /// Why an open row waits; nil while it is being sent.
    ///
    /// The order is that of `outbox_status`.
    static func waitReason(
        _ mail: OpenMail?, _ helpdeskID: String, _ circumstances: Circumstances, dueAt: WallTime,
        isFaulty: Bool = false
    ) -> WaitReason? {
        if mail?.isBeingSent == true { return nil }
        if mail?.wait == .uncertain { return .uncertain }
        if circumstances.isRestored { return .restored }
        if circumstances.isPaused(helpdeskID) { return .paused }
        let isDue = dueAt <= circumstances.now
        guard let mail else { return isFaulty ? .deferred : (isDue ? .queued : .hold) }
        if isDue, mail.park == .sender { return .sender }
        if isDue, circumstances.isRelayDown { return .relay }
        // One that stays behind another waits for the other's retry.
        if mail.wasTried || mail.wait == .behind || mail.isFaulty { return .deferred }
        guard isDue else { return .hold }
        return mail.park == .fault ? .deferred : .queued
    }
}
