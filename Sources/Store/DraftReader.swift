internal import Delivery
internal import SQLite

/// Puts together what a claim would read, from a connection that may only read.
///
/// An ingested row is in a mail already. One that is not is put where ingest would put it: into the
/// waiting mail of the same helpdesk, conversation, recipient and audience, or into a new one.
struct DraftReader {
    private let connection: Connection
    private let columns: APIColumns
    private let candidates: CandidateReader
    private let openRows: OpenRowReader
    private let now: WallTime
    private let rules: IngestRules

    /// Rows that no outboxd has taken in yet may be many: they are searched for this long.
    private static let patience: Duration = .seconds(2)

    init(_ connection: Connection, now: WallTime, rules: IngestRules) throws {
        self.connection = connection
        columns = try APIColumns(connection)
        candidates = try CandidateReader(connection, columns, now: now, withText: true)
        openRows = OpenRowReader(connection: connection, columns: columns, withText: true)
        self.now = now
        self.rules = rules
    }

    func draft(
        of row: OutboxView.Row, _ decide: (Candidate) -> ClaimDecision
    ) throws -> MailDraft {
        if [.sent, .skipped, .failed].contains(row.state) { return try finished(row) }
        guard row.mailID == nil else { return try ingested(row, decide) }
        guard let new = try incoming.rows(.failed(row.id), limit: 1).first else {
            return MailDraft(row: row, kind: .invalid("it was deleted just now"))
        }
        if let (_, text) = rules.fault(new) { return MailDraft(row: row, kind: .invalid(text)) }
        let key = rules.key(of: new)
        if let until = new.notBefore, until > now {
            let candidate = try fresh(key, [try asOpen(new)])
            return try draft(row, .putOff(until: until), candidate, decide)
        }
        var draft = MailDraft(row: row, kind: .open)
        if try rules.isStale(new) && !isOver(new, key) {
            draft.decision = ClaimDecision(
                .finish, skipped: [Skip(row: row.id, reason: .stale)])
            return draft
        }
        let newRows = try newRows(key, besides: new, &draft.mayLackNewRows)
        var candidate = try fresh(key, [])
        if let mail = try openMail(key) {
            candidate = try candidates.candidate(mail, candidates.helpdesk(key.helpdeskID))
        }
        candidate.add(newRows)
        return try self.draft(draft, candidate, decide)
    }

    private func ingested(
        _ row: OutboxView.Row, _ decide: (Candidate) -> ClaimDecision
    ) throws -> MailDraft {
        guard let mail = try row.mailID.flatMap(mail) else {
            return MailDraft(row: row, kind: .invalid("its mail is not known any more"))
        }
        var candidate = try candidates.candidate(mail, candidates.helpdesk(mail.key.helpdeskID))
        if row.state == .sending {
            return try draft(row, .beingSent, candidate, decide)
        }
        var draft = MailDraft(row: row, kind: .open)
        if mail.copies == 0 {
            candidate.add(try newRows(mail.key, besides: nil, &draft.mayLackNewRows))
        }
        return try self.draft(draft, candidate, decide)
    }

    // MARK: The decision

    private func draft(
        _ row: OutboxView.Row, _ kind: MailDraft.Kind, _ candidate: Candidate,
        _ decide: (Candidate) -> ClaimDecision
    ) throws -> MailDraft {
        try draft(MailDraft(row: row, kind: kind), candidate, decide)
    }

    private func draft(
        _ draft: MailDraft, _ candidate: Candidate, _ decide: (Candidate) -> ClaimDecision
    ) throws -> MailDraft {
        var draft = draft
        let decision = decide(candidate)
        draft.decision = decision
        draft.hasFixedID = candidate.emailMessageID != nil
        draft.hasHelpdesk = candidate.helpdesk != nil
        guard case .send(let ids, let sender, let messageID) = decision.step else { return draft }
        let chosen = Set(ids)
        let rows = try texts(of: candidate.rows.filter { chosen.contains($0.id) })
        draft.claim = Claim(
            mailID: candidate.mailID, token: 0, key: candidate.key, dueAt: candidate.dueAt,
            claimedAt: now, attempts: candidate.attempts, copies: candidate.copies,
            takeovers: candidate.takeovers, sender: sender,
            emailMessageID: candidate.emailMessageID ?? messageID, rows: rows,
            helpdesk: candidate.helpdesk,
            frozen: candidate.copies > 0 ? try connection.frozenMail(candidate.mailID) : nil,
            isSenderProbe: false)
        return draft
    }

    /// Rows that ended together with this one stood in the same mail.
    private func finished(_ row: OutboxView.Row) throws -> MailDraft {
        guard let mail = try row.mailID.flatMap(mail) else {
            return MailDraft(row: row, kind: .invalid("its mail is not known any more"))
        }
        let ids = try connection.statement(
            """
            SELECT id FROM outboxd_rows WHERE mail_id = ? AND state = ? AND reason IS ?
            ORDER BY id = ? DESC, id LIMIT \(Gathering.mostRows)
            """
        ).bind(mail.id).bind(row.state.rawValue).bind(row.reason).bind(row.id).all { $0.int(0) }
        let rows = try ids.compactMap { try openRows.row($0, withText: false) }
            .filter { $0.isSame(as: mail.key) }
            .sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
        guard !rows.isEmpty else {
            return MailDraft(row: row, kind: .invalid("its id has been given to another row since"))
        }
        let claim = Claim(
            mailID: mail.id, token: 0, key: mail.key, dueAt: mail.dueAt,
            claimedAt: row.sentAt ?? now, attempts: mail.attempts, copies: 0,
            takeovers: mail.takeovers, sender: mail.sender ?? "",
            emailMessageID: mail.emailMessageID ?? "", rows: try texts(of: rows),
            helpdesk: try candidates.helpdesk(mail.key.helpdeskID).helpdesk,
            isSenderProbe: false)
        return MailDraft(
            row: row, kind: .finished, claim: claim, hasFixedID: mail.emailMessageID != nil)
    }

    /// Of a row that is not ingested they are read column by column.
    private func texts(of rows: [OutboxRow]) throws -> [OutboxRow] {
        try openRows.withTexts(rows).map { row in
            row.hasTexts ? row : row.with(texts: try openRows.texts(of: row.id))
        }
    }

    // MARK: Mails

    private func mail(_ id: Int64) throws -> WaitingMail? {
        try connection.statement("SELECT \(WaitingMail.columns) FROM outboxd_mails WHERE id = ?")
            .bind(id).first(WaitingMail.init)
    }

    /// The one that ingest would put a row into.
    private func openMail(_ key: MailKey) throws -> WaitingMail? {
        try connection.statement(
            """
            SELECT \(WaitingMail.columns) FROM outboxd_mails
            WHERE \(MailTable.takesRows)
            ORDER BY id LIMIT 1
            """
        ).bind(key.recipient).bind(key.conversationID).bind(key.helpdeskID).bind(key.audience)
            .first(WaitingMail.init)
    }

    private func fresh(_ key: MailKey, _ rows: [OutboxRow]) throws -> Candidate {
        Candidate(
            mailID: 0, key: key, dueAt: rows.map(\.dueAt).min() ?? WallTime(milliseconds: .max),
            attempts: 0, copies: 0, takeovers: 0, rows: rows, hasMoreRows: false,
            readMarker: try candidates.readMarker(key),
            isSuppressed: try candidates.isSuppressed(key),
            helpdesk: try candidates.helpdesk(key.helpdeskID).helpdesk,
            blockedSenders: candidates.blockedSenders, isSenderProbe: false)
    }

    // MARK: Rows that are not ingested

    private var incoming: IncomingRowReader {
        IncomingRowReader(connection: connection, columns: columns)
    }

    /// As ingest would take it in.
    private func asOpen(_ row: OutboxRow) throws -> OutboxRow {
        let columns = OutboxColumns(connection: connection, id: row.id)
        return row.with(
            isCancelled: try !columns.isNull("cancelled_at"), dueAt: rules.due(row))
    }

    /// The rows of the key that ingest would take in now.
    ///
    /// - Parameter asked: The one that was asked for: it is among them.
    private func newRows(
        _ key: MailKey, besides asked: OutboxRow?, _ mayLack: inout Bool
    ) throws -> [OutboxRow] {
        let others = try newIDs(key, &mayLack).filter { $0 != asked?.id }
        let rows = try incoming.rows(.these(others), limit: Candidate.maxRows).filter { row in
            rules.key(of: row) == key && rules.fault(row) == nil
                && row.notBefore.map { $0 <= now } ?? true
        }
        return try (rows.filter { try !isKnownReply($0, key) } + [asked].compactMap(\.self))
            .map(asOpen)
    }

    private func newIDs(_ key: MailKey, _ mayLack: inout Bool) throws -> [Int64] {
        do {
            return try connection.withLimit(Self.patience) {
                try connection.statement(
                    """
                    SELECT o.id FROM outbox o NOT INDEXED
                    WHERE \(SQLiteReader.notIngested(false))
                        AND o.conversation_id = ? AND o.helpdesk_id = ? AND o.audience = ?
                    ORDER BY o.id LIMIT \(Candidate.maxRows)
                    """
                ).bind(key.conversationID).bind(key.helpdeskID).bind(key.audience)
                    .all { $0.int(0) }
            }
        } catch let error as SQLiteError where error.isAboutTheStatement {
            mayLack = true
            return []
        }
    }

    /// Cancelled or read, which is told rather than its age.
    private func isOver(_ row: OutboxRow, _ key: MailKey) throws -> Bool {
        if try asOpen(row).isCancelled { return true }
        return ReadCheck.isRead(
            createdAt: row.createdAt, marker: try candidates.readMarker(key), now: now)
    }

    /// The same reply was taken in under another spelling of the address.
    private func isKnownReply(_ row: OutboxRow, _ key: MailKey) throws -> Bool {
        let identity = key.identity(ofMessage: row.messageID)
        return try connection.statement(
            "SELECT 1 FROM outboxd_rows WHERE identity IN (?, ?) LIMIT 1"
        ).bind(identity.number).bind(identity.former).first { _ in true } ?? false
    }
}

extension Candidate {
    /// A mail that was tried keeps its time.
    fileprivate mutating func add(_ new: [OutboxRow]) {
        if attempts == 0 { dueAt = new.map(\.dueAt).min().map { min($0, dueAt) } ?? dueAt }
        rows = (rows + new).sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
        guard rows.count > Self.maxRows else { return }
        rows.removeSubrange(Self.maxRows...)
        hasMoreRows = true
    }
}
