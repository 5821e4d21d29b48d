internal import Delivery
internal import SQLite

extension SQLiteStore {
    package func claim(
        _ request: ClaimRequest, decide: (Candidate) -> ClaimDecision
    ) throws -> ClaimedBatch {
        try inTransaction {
            let reader = try CandidateReader(
                connection: connection, now: request.now, withText: true)
            let paused = try pausedHelpdesks(ignoringOperator: request.ignoresPause)
            var batch = ClaimedBatch(claims: [], skipped: [], paused: 0, hasMore: false)
            let waiting = try dueMails(request)
            var textLength = 0
            for mail in waiting {
                let claimed = batch.claims.count
                try place(mail, paused, request, reader, decide, &batch)
                textLength += batch.claims[claimed...].reduce(0) { $0 + $1.textLength }
                if textLength > Self.maxBatchText { break }
            }
            batch.hasMore = waiting.count >= request.limit
            if !request.isRelayProbe, batch.claims.count < request.limit {
                for mail in try senderProbes(request, blocked: reader.blockedSenders) {
                    try place(mail, paused, request, reader, decide, &batch, isSenderProbe: true)
                }
            }
            return batch
        }
    }

    /// More text than this is not read into memory at once.
    private static var maxBatchText: Int { 16 << 20 }

    // MARK: Choosing

    private func dueMails(_ request: ClaimRequest) throws -> [WaitingMail] {
        // Each kind of waiting has its own stretch of the index; asked for two at once, SQLite would
        // sort all that is due.
        var mails = try request.ready.flatMap { try dueMails(request, where: $0) }
        mails.sort { ($0.dueAt, $0.id) < ($1.dueAt, $1.id) }
        if request.isRelayProbe { mails.sort { $0.isProbeBefore($1) } }
        return Array(mails.prefix(request.limit))
    }

    /// The first in line; 64 to choose the one from that probes the relay, so that it is not always
    /// the same mail.
    private func dueMails(
        _ request: ClaimRequest, where isReady: String
    ) throws -> [WaitingMail] {
        // The predicates are written out, not bound: only then does the partial index serve.
        try connection.statement(
            """
            SELECT \(WaitingMail.columns) FROM outboxd_mails
            WHERE phase = 0 AND \(isReady) AND \(request.due) ORDER BY due_at, id LIMIT ?
            """
        ).bind(request.now.milliseconds).bind(request.isRelayProbe ? 64 : request.limit)
            .all(WaitingMail.init)
    }

    /// One waiting mail of each blocked sender whose probe is due, not always the same one.
    private func senderProbes(
        _ request: ClaimRequest, blocked: Set<String>
    ) throws -> [WaitingMail] {
        let book = SenderBook(connection: connection)
        let due = try blocked.sorted().filter { try book.read($0).mayProbe(at: request.now) }
        return try due.compactMap {
            try connection.statement(
                """
                SELECT \(WaitingMail.columns) FROM outboxd_mails
                WHERE phase = 0 AND wait = 2 AND sender = ? ORDER BY probed_at, due_at, id LIMIT 1
                """
            ).bind($0).first(WaitingMail.init)
        }
    }

    func pausedHelpdesks(ignoringOperator: Bool) throws -> Set<String> {
        var paused = Set(
            try connection.statement("SELECT id FROM helpdesks WHERE paused <> 0").all {
                $0.text(0)
            })
        paused.remove("")
        if !ignoringOperator {
            try connection.statement("SELECT helpdesk_id FROM outboxd_pauses").all { $0.text(0) }
                .forEach { paused.insert($0) }
        }
        return paused
    }

    /// Two mails of the same conversation and recipient never overtake each other: this one waits
    /// while another is being sent, or is to be tried again and was attempted before this one.
    private func isBehindAnother(_ mail: WaitingMail) throws -> Bool {
        try connection.statement(
            """
            SELECT 1 FROM outboxd_mails
            WHERE recipient = ? AND conversation_id = ? AND helpdesk_id = ? AND phase < 2 AND id <> ?
                AND (phase = 1 OR (attempts > 0 AND wait <> 3 AND (? OR id < ?)))
            LIMIT 1
            """
        ).bind(mail.key.recipient).bind(mail.key.conversationID).bind(mail.key.helpdeskID)
            .bind(mail.id).bind(mail.attempts == 0).bind(mail.id).first { _ in true } ?? false
    }

    // MARK: Deciding

    /// Offers the mail, unless a pause or another mail stands before it.
    private func place(
        _ mail: WaitingMail, _ paused: Set<String>, _ request: ClaimRequest,
        _ reader: CandidateReader, _ decide: (Candidate) -> ClaimDecision,
        _ batch: inout ClaimedBatch, isSenderProbe: Bool = false
    ) throws {
        if paused.contains(mail.key.helpdeskID) || paused.contains("") {
            try setWait(.paused, of: mail.id)
            batch.paused += 1
        } else if try isBehindAnother(mail) {
            try setWait(.behind, of: mail.id)
        } else {
            try offer(
                mail, request: request, reader: reader, to: decide, into: &batch,
                isSenderProbe: isSenderProbe)
        }
    }

    private func offer(
        _ mail: WaitingMail, request: ClaimRequest, reader: CandidateReader,
        to decide: (Candidate) -> ClaimDecision, into batch: inout ClaimedBatch,
        isSenderProbe: Bool
    ) throws {
        try forgetDeleted(mail.id)
        let candidate = try reader.candidate(mail, isSenderProbe: isSenderProbe)
        let decision = decide(candidate)
        try skip(decision.skipped, at: request.now)
        batch.skipped += decision.skipped
        switch decision.step {
        case .send(let rows, let sender, let messageID):
            batch.claims.append(
                try claim(
                    candidate, rows: rows, sender: sender, messageID: messageID, request: request))
        case .wait(let until):
            try setWait(.time, of: mail.id, dueAt: until)
        case .waitForSender(let address):
            try setWait(.sender, of: mail.id, sender: address)
        case .finish:
            // More rows than were read: the rest is looked at next time.
            if !candidate.hasMoreRows { try close(mail.id, key: mail.key) }
        }
    }

    private func claim(
        _ candidate: Candidate, rows ids: [Int64], sender: String, messageID: String,
        request: ClaimRequest
    ) throws -> Claim {
        let chosen = Set(ids)
        let rows = candidate.rows.filter { chosen.contains($0.id) }
        var mailID = candidate.mailID
        if candidate.copies == 0, candidate.hasMoreRows || rows.count < candidate.rows.count {
            mailID = try split(candidate, keeping: ids)
        }
        if candidate.isSenderProbe {
            var book = SenderBook(connection: connection)
            _ = try book.apply(
                .probeStarted(mail: mailID), to: sender, at: request.now)
        }
        let token = Int64.random(in: 1 ... .max)
        try connection.statement(
            """
            UPDATE outboxd_mails SET phase = 1, wait = 0, owner = ?, token = ?, sender = ?,
                email_message_id = coalesce(email_message_id, ?), composed_at = ?
            WHERE id = ?
            """
        ).bind(request.owner).bind(token).bind(sender).bind(messageID)
            .bind(request.now.milliseconds).bind(mailID).run()
        return Claim(
            mailID: mailID, token: token, key: candidate.key, dueAt: candidate.dueAt,
            claimedAt: request.now, attempts: candidate.attempts, copies: candidate.copies,
            rescues: candidate.rescues, sender: sender,
            emailMessageID: candidate.emailMessageID ?? messageID, rows: rows,
            helpdesk: candidate.helpdesk,
            frozen: candidate.copies > 0 ? try frozenMail(candidate.mailID) : nil,
            isSenderProbe: candidate.isSenderProbe)
    }

    /// Open rows that are not in this mail wait in another of the same key, behind it.
    ///
    /// Before the first attempt the few that go get the new mail, so that a conversation with ten
    /// thousand rows is not moved a hundred times; afterwards the Message-ID belongs to them, and the
    /// rest moves.
    private func split(_ candidate: Candidate, keeping ids: [Int64]) throws -> Int64 {
        if candidate.emailMessageID == nil {
            let mailID = try insertMail(candidate.key, dueAt: candidate.dueAt)
            try connection.statement(
                "UPDATE outboxd_rows SET mail_id = ? WHERE id IN (SELECT value FROM json_each(?))"
            ).bind(mailID).bind(Self.list(ids)).run()
            return mailID
        }
        try moveRowsOut(of: candidate, except: ids)
        return candidate.mailID
    }

    private static func list(_ ids: [Int64]) -> String {
        "[" + ids.map(String.init).joined(separator: ",") + "]"
    }

    /// Rows that were just skipped are not open any more and stay.
    private func moveRowsOut(of candidate: Candidate, except ids: [Int64]) throws {
        let kept = Self.list(ids)
        let left = try connection.statement(
            """
            SELECT min(due_at) FROM outboxd_rows
            WHERE mail_id = ? AND state = 0 AND id NOT IN (SELECT value FROM json_each(?))
            """
        ).bind(candidate.mailID).bind(kept).first { $0.optionalInt(0) }
        guard let dueAt = left ?? nil else { return }
        let other = try insertMail(candidate.key, dueAt: WallTime(milliseconds: dueAt))
        try connection.statement(
            """
            UPDATE outboxd_rows SET mail_id = ?
            WHERE mail_id = ? AND state = 0 AND id NOT IN (SELECT value FROM json_each(?))
            """
        ).bind(other).bind(candidate.mailID).bind(kept).run()
    }

    func frozenMail(_ mailID: Int64) throws -> FrozenMail? {
        try connection.statement(
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

extension Claim {
    fileprivate var textLength: Int { rows.reduce(0) { $0 + $1.bodyText.utf8.count } }
}

extension WaitingMail {
    fileprivate func isProbeBefore(_ other: WaitingMail) -> Bool {
        (probedAt, dueAt, id) < (other.probedAt, other.dueAt, other.id)
    }
}
