internal import Crash
package import Delivery
internal import SQLite

extension SQLiteStore {
    package func claim(
        _ request: ClaimRequest, decide: (Candidate) -> ClaimDecision
    ) throws -> ClaimedBatch {
        try inTransaction {
            let batch = try withoutActuallyEscaping(decide) {
                try ClaimPass(self, request, decide: $0).run()
            }
            CrashPoint.claimWritten.pass(if: !batch.claims.isEmpty)
            return batch
        }
    }

    /// One waiting mail of each blocked sender whose probe is due, not always the same one.
    func senderProbes(_ request: ClaimRequest, blocked: Set<String>) throws -> [WaitingMail] {
        let book = SenderBook(connection: connection)
        let due = try blocked.sorted().filter { try book.read($0).mayProbe(at: request.now) }
        return try due.compactMap { try senderProbe(of: $0, at: request.now) }
    }

    /// Of the due mails of the sender's lines one that was not refused yet, the last to fall due first:
    /// those that were due with the refused ones are more likely to be of their kind.
    ///
    /// Else the one that has not been tried for longest. Of each line and class the first and the last
    /// few are looked at.
    private func senderProbe(of sender: String, at now: WallTime) throws -> WaitingMail? {
        let lines = try connection.statement(
            """
            SELECT \(Line.columns) FROM outboxd_lines INDEXED BY outboxd_lines_sender
            WHERE sender = ? AND parked = \(park: .sender) ORDER BY turn LIMIT 8
            """
        ).bind(sender).all(Line.init)
        var mails: [WaitingMail] = []
        for line in lines {
            for turn in TurnClass.allCases {
                let cursor = LineCursor(line, turn, connection: connection, dueBy: now)
                mails += try cursor.next(16) + cursor.latest(16)
            }
        }
        let untried = mails.filter(\.isUntried).max { ($0.dueAt, $0.id) < ($1.dueAt, $1.id) }
        let probe = untried ?? mails.min { $0.isProbeBefore($1) }
        if let probe { try noteTurn(of: probe.line, at: now) }
        return probe
    }

    /// The line stands behind the others of its sender.
    private func noteTurn(of line: Int64, at now: WallTime) throws {
        try connection.statement("UPDATE outboxd_lines SET turn = ? WHERE id = ?")
            .bind(nextTurnNumber(now)).bind(line).run()
    }

    // MARK: Pauses

    package func operatorPauses() throws -> [String: WallTime] {
        let pauses = try connection.statement("SELECT helpdesk_id, paused_at FROM outboxd_pauses")
            .all { ($0.text(0), $0.time(1)) }
        return Dictionary(pauses) { first, _ in first }
    }

    func isEverythingPaused(but ignored: Set<String>) throws -> Bool {
        guard !ignored.contains("") else { return false }
        return try connection.statement("SELECT 1 FROM outboxd_pauses WHERE helpdesk_id = ''")
            .first { _ in true } ?? false
    }

    // MARK: One mail

    private static let behindAnother = """
        SELECT 1 FROM outboxd_mails
        WHERE recipient = ? AND conversation_id = ? AND helpdesk_id = ?
            AND phase < \(phase: .finished) AND id <> ?
            AND (phase = \(phase: .sending)
                OR ((attempts > 0 OR struck > 0) AND wait <> \(wait: .uncertain) AND (? OR id < ?)))
        LIMIT 1
        """

    /// Two mails of the same conversation and recipient never overtake each other: this one waits
    /// while another is being sent, or is to be tried again and was attempted before this one, whoever is to blame
    /// for that attempt.
    func isBehindAnother(_ mail: WaitingMail) throws -> Bool {
        try connection.statement(Self.behindAnother).bind(mail.key.recipient)
            .bind(mail.key.conversationID).bind(mail.key.helpdeskID).bind(mail.id)
            .bind(!mail.wasTried).bind(mail.id).first { _ in true } ?? false
    }

    /// - Parameter fresh: It is not written down yet.
    func claim(
        _ candidate: Candidate, _ mail: WaitingMail, rows ids: [Int64], sender: String,
        messageID: String, request: ClaimRequest, reader: CandidateReader, fresh: FreshMail? = nil
    ) throws -> Claim {
        // Nearly always all of them, in this order.
        let isWhole = candidate.rows.count == ids.count && candidate.rows.first?.id == ids.first
        let chosen = isWhole ? [] : Set(ids)
        let texts = try reader.withTexts(
            isWhole ? candidate.rows : candidate.rows.filter { chosen.contains($0.id) })
        var mailID = candidate.mailID
        if candidate.copies == 0, candidate.hasMoreRows || texts.count < candidate.rows.count {
            mailID = try split(candidate, mail, keeping: ids)
        }
        if candidate.isSenderProbe {
            try SenderBook(connection: connection).apply(
                .probeStarted(mail: mailID), to: sender, at: request.now)
        }
        let token = nextToken()
        mayHaveSent = true
        let mark = MailTable.ClaimMark(
            owner: request.owner, token: token, sender: sender, messageID: messageID,
            at: request.now)
        if let fresh {
            self.fresh.claim(fresh, mark)
        } else {
            try mails.claim(mailID, at: Line.Place(line: mail.line, turn: mail.turn), mark)
        }
        return Claim(
            mailID: mailID, token: token, key: candidate.key, dueAt: candidate.dueAt,
            claimedAt: request.now, attempts: candidate.attempts, copies: candidate.copies,
            takeovers: candidate.takeovers, sender: sender,
            emailMessageID: candidate.emailMessageID ?? messageID, rows: texts,
            helpdesk: candidate.helpdesk,
            frozen: candidate.copies > 0 ? try frozenMail(candidate.mailID) : nil,
            isSenderProbe: candidate.isSenderProbe, turn: mail.turn, isStruck: mail.isStruck,
            wasClaimed: candidate.emailMessageID != nil,
            faults: mail.faults, dataVersion: dataVersion)
    }

    /// Open rows that are not in this mail wait in another of the same key, behind it.
    ///
    /// Before the first attempt the few that go get the new mail, so that a conversation with ten
    /// thousand rows is not moved a hundred times; afterwards the Message-ID belongs to them, and the
    /// rest moves.
    private func split(
        _ candidate: Candidate, _ mail: WaitingMail, keeping ids: [Int64]
    ) throws -> Int64 {
        if candidate.emailMessageID == nil {
            let mailID = try insertMail(candidate.key, dueAt: candidate.dueAt, mail.turn)
            try rows.move(ids, to: mailID)
            return mailID
        }
        try moveRowsOut(of: candidate, mail, except: ids)
        return candidate.mailID
    }

    /// A JSON array, for `json_each`.
    static func list(_ ids: [Int64]) -> String {
        "[" + ids.map(String.init).joined(separator: ",") + "]"
    }

    /// Rows that were just skipped are not open any more and stay.
    private func moveRowsOut(
        of candidate: Candidate, _ mail: WaitingMail, except ids: [Int64]
    ) throws {
        let left = try connection.statement(
            """
            SELECT min(due_at) FROM outboxd_rows
            WHERE mail_id = ? AND state = \(row: .pending)
                AND id NOT IN (SELECT value FROM json_each(?))
            """
        ).bind(candidate.mailID).bind(Self.list(ids)).first { $0.optionalInt(0) }
        guard let dueAt = left ?? nil else { return }
        let other = try insertMail(
            candidate.key, dueAt: WallTime(milliseconds: dueAt),
            mail.turn == .retry ? .first : mail.turn)
        try rows.moveOpen(from: candidate.mailID, to: other, except: ids)
    }

    func frozenMail(_ mailID: Int64) throws -> FrozenMail? {
        try connection.frozenMail(mailID)
    }
}

extension Connection {
    func frozenMail(_ mailID: Int64) throws -> FrozenMail? {
        try withValues(upTo: OutboxLimits.frozen) {
            try statement(
                """
                SELECT envelope_sender, envelope_recipient, needs_smtputf8, message
                FROM outboxd_frozen WHERE mail_id = ?
                """
            ).bind(mailID).first {
                FrozenMail(
                    envelopeSender: $0.text(0), envelopeRecipient: $0.text(1),
                    needsSMTPUTF8: $0.bool(2), message: $0.blob(3))
            }
        }
    }
}

extension Claim {
    /// What it takes in memory before it is composed.
    var octets: Int {
        rows.reduce(frozen?.message.count ?? 0) { $0 + $1.octets }
    }
}

extension WaitingMail {
    /// An attempt that was taken back is one, too.
    var wasTried: Bool { attempts > 0 || isStruck }

    /// Neither refused nor a probe so far.
    var isUntried: Bool { probedAt == 0 && !isStruck }

    func isProbeBefore(_ other: WaitingMail) -> Bool {
        (probedAt, dueAt, id) < (other.probedAt, other.dueAt, other.id)
    }
}
