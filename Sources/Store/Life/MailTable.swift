internal import Delivery
internal import SQLite

/// The life of a mail: every write to `outboxd_mails` is here, and no other.
///
/// A mail's state is its ``Phase`` and, while it waits, its ``Wait``. Each line of the table is a
/// function below; whoever calls it holds a transaction, in which the rows (``RowTable``) and the lines
/// (``LineBook``) follow.
///
/// | state | event | becomes | who, in which transaction |
/// |---|---|---|---|
/// | none | ``insert(_:_:dueAt:line:turn:)`` | waiting, in line | ingest |
/// | none | ``insertFinished(_:)``: of rows that are skipped at once, or can't be sent | finished | ingest |
/// | none | ``insert(_:)``: due as it is ingested | sending | claim |
/// | waiting, in line | ``claim(_:at:_:)`` | sending | claim |
/// | waiting, in line | ``setAside(_:_:)``: another mail of its conversation goes first | waiting, behind | claim |
/// | waiting | ``putInLine(_:_:dueAt:)``: not yet, or sooner, or a statement failed | waiting, in line | claim, re-evaluation |
/// | waiting, behind | ``releaseBehind(_:)``: the other one has ended, or waits longer | waiting, in line | claim, finish, re-evaluation, operator |
/// | waiting | ``merge(_:)``: its rows go into another mail | finished | ingest, finish |
/// | waiting | ``close(_:)``: every row was read, cancelled, suppressed or deleted | finished | claim, re-evaluation |
/// | sending | ``accept(_:token:)``, ``acceptFirst(_:)`` | finished | finish |
/// | sending | ``release(_:token:keepsToken:)``: deferred, returned, uncertain, refused | waiting, in line | finish |
/// | waiting, in line | then ``close(_:)``: refused for good, expired | finished | the same |
/// | waiting, in line | then ``setAside(_:_:)``: uncertain, and held | waiting, uncertain | the same |
/// | waiting, uncertain | ``putInLine(_:_:dueAt:)``: `outboxd resolve --resend` | waiting, in line | operator |
/// | waiting, uncertain | ``close(_:)``: `outboxd resolve --sent` | finished | operator |
/// | waiting | ``acceptLate(_:token:)``: the reply comes after a takeover | finished | finish |
/// | finished | ``retry(_:line:)``: `outboxd retry` | waiting, in line | operator |
/// | finished | ``reopen(_:at:)``: its sender or the relay was refused, not the mail | waiting, in line | finish |
///
/// `MailLifeTests` writes down what the statements do and compares it with this table.
///
/// How many mails stand in each line is counted along: wherever one comes to stand there or leaves.
struct MailTable {
    let connection: Connection
    let totals: Totals

    /// SQL for the waiting mails of a key that a new row may join; a frozen one takes none.
    ///
    /// Parameters: recipient, conversation, helpdesk and audience.
    static let takesRows = """
        recipient = ? AND conversation_id = ? AND helpdesk_id = ? AND audience = ?
        AND phase < \(phase: .finished) AND phase = \(phase: .waiting) AND copies = 0
        """

    // MARK: Ingest

    func insert(
        _ id: Int64, _ key: MailKey, dueAt: WallTime, line: Int64, turn: TurnClass
    ) throws {
        try connection.statement(
            """
            INSERT INTO outboxd_mails
                (id, helpdesk_id, conversation_id, recipient, audience, due_at, line, class, phase)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, \(phase: .waiting))
            """
        ).bind(id).bind(key.helpdeskID).bind(key.conversationID).bind(key.recipient)
            .bind(key.audience).bind(dueAt.milliseconds).bind(line).bind(turn.rawValue)
            .runForOneRow()
        totals.count(1, at: Line.Place(line: line, turn: turn))
    }

    private static let insertingClaimed = ManyRows(
        """
        INSERT INTO outboxd_mails
            (id, helpdesk_id, conversation_id, recipient, audience, due_at, line, class, phase,
            owner, token, sender, email_message_id, composed_at)
        VALUES
        """, "(?, ?, ?, ?, ?, ?, ?, ?, \(phase: .sending), ?, ?, ?, ?, ?)")

    /// Mails that were due when they were ingested, and are sent by the same transaction: they stand in no line.
    func insert(_ mails: [FreshMails.Claimed]) throws {
        try Self.insertingClaimed.split(mails) { part, sql in
            let statement = try connection.statement(sql)
            for index in part.indices {
                try Self.put(part[index].mail.waiting, into: statement)
                try Self.put(part[index].mark, into: statement)
            }
            try statement.run(forRows: part.count)
        }
    }

    private static func put(_ mail: WaitingMail, into statement: Statement) throws {
        try statement.put(mail.id)
        try statement.put(mail.key.helpdeskID)
        try statement.put(mail.key.conversationID)
        try statement.put(mail.key.recipient)
        try statement.put(mail.key.audience)
        try statement.put(mail.dueAt.milliseconds)
        try statement.put(mail.line)
        try statement.put(mail.turn.rawValue)
    }

    private static func put(_ mark: ClaimMark, into statement: Statement) throws {
        try statement.put(mark.owner)
        try statement.put(mark.token)
        try statement.put(mark.sender)
        try statement.put(mark.messageID)
        try statement.put(mark.at.milliseconds)
    }

    private static let insertingFinished = ManyRows(
        """
        INSERT INTO outboxd_mails
            (id, helpdesk_id, conversation_id, recipient, audience, due_at, line, class, phase)
        VALUES
        """,
        "(?, ?, ?, ?, ?, ?, ?, \(TurnClass.first.rawValue), \(phase: .finished))")

    /// A mail that never waits.
    typealias Finished = (id: Int64, key: MailKey, dueAt: WallTime, line: Int64)

    /// Mails of rows that end as they are ingested.
    func insertFinished(_ mails: [Finished]) throws {
        try Self.insertingFinished.split(mails) { part, sql in
            let statement = try connection.statement(sql)
            for mail in part {
                try statement.bind(mail.id).bind(mail.key.helpdeskID)
                    .bind(mail.key.conversationID).bind(mail.key.recipient).bind(mail.key.audience)
                    .bind(mail.dueAt.milliseconds).bind(mail.line)
            }
            try statement.run(forRows: part.count)
        }
    }

    /// A row has joined the waiting mail: it is due no later than the row, and instant if the row is.
    func hasten(_ id: Int64, _ turn: TurnClass, dueAt: WallTime) throws {
        try leave(id)
        try connection.statement("UPDATE outboxd_mails SET due_at = ?, class = ? WHERE id = ?")
            .bind(dueAt.milliseconds).bind(turn.rawValue).bind(id).run()
        try enter(id)
    }

    // MARK: Claim

    private static let claiming = """
        UPDATE outboxd_mails SET phase = \(phase: .sending), wait = \(wait: .inLine), owner = ?,
            token = ?, sender = ?, email_message_id = coalesce(email_message_id, ?),
            composed_at = ?
        WHERE id = ?
        """

    /// Who sends a mail, and how.
    struct ClaimMark {
        var owner: Int64
        /// The fence.
        var token: Int64
        var sender: String
        var messageID: String
        var at: WallTime
    }

    /// - Parameter place: Where it stands.
    func claim(_ id: Int64, at place: Line.Place, _ mark: ClaimMark) throws {
        totals.count(-1, at: place)
        try connection.statement(Self.claiming).bind(mark.owner).bind(mark.token).bind(mark.sender)
            .bind(mark.messageID).bind(mark.at.milliseconds).bind(id).runForOneRow()
    }

    // MARK: Finish

    private static func accepting(_ more: String) -> String {
        """
        UPDATE outboxd_mails
        SET phase = \(phase: .finished), attempts = attempts + 1, wait = \(wait: .inLine),
            owner = NULL, token = NULL\(more)
        WHERE id = ? AND token = ? AND phase = \(phase: .sending)
        """
    }
    private static let accepting = accepting("")
    private static let acceptingFirst = accepting(
        """
        , sent_at = ?, sent_relay = ?, sent_milliseconds = ?, sent_queued_milliseconds = ?,
            sent_connecting_milliseconds = ?, sent_code = ?, sent_enhanced = ?, sent_text = ?
        """)

    /// - Returns: false if the token no longer stands: another process has taken the mail over.
    func accept(_ id: Int64, token: Int64) throws -> Bool {
        try fenced(connection.statement(Self.accepting), id, token)
    }

    /// The same for a mail without other attempts (``InFlightMail/isFirstAttempt``): it keeps this one itself.
    func acceptFirst(_ finished: FinishedMail) throws -> Bool {
        let statement = try connection.statement(Self.acceptingFirst)
        try statement.put(finished.at.milliseconds)
        try statement.put(finished.relay)
        try statement.put(finished.duration?.inMilliseconds)
        try statement.put(finished.queued?.inMilliseconds)
        try statement.put(finished.connectingMilliseconds)
        try statement.put(finished.reply.map { Int64($0.code) })
        try statement.put(finished.reply?.enhanced?.description)
        try statement.put(finished.reply?.text)
        return try fenced(statement, finished.mail.mailID, finished.mail.token)
    }

    private static func releasing(_ token: String) -> String {
        """
        UPDATE outboxd_mails
        SET phase = \(phase: .waiting), wait = \(wait: .inLine), owner = NULL, token = \(token)
        WHERE id = ? AND token = ? AND phase = \(phase: .sending)
        """
    }
    private static let releasing = releasing("NULL")
    private static let releasingUncertain = releasing("token")

    /// - Parameter keepsToken: An uncertain mail keeps the token of its last dot, though nobody owns it:
    ///   see ``acceptLate(_:token:)``.
    /// - Returns: false if the token no longer stands: another process has taken the mail over.
    func release(_ id: Int64, token: Int64, keepsToken: Bool) throws -> Bool {
        let stood = try fenced(
            connection.statement(keepsToken ? Self.releasingUncertain : Self.releasing), id, token)
        if stood { try enter(id) }
        return stood
    }

    /// - Parameter statement: Its last two parameters are the mail and its token.
    private func fenced(_ statement: Statement, _ id: Int64, _ token: Int64) throws -> Bool {
        try statement.put(id)
        try statement.put(token)
        try statement.run()
        if connection.changes == 1 { return true }
        let stillStands = try connection.statement(
            """
            SELECT 1 FROM outboxd_mails
            WHERE id = ? AND token = ? AND phase = \(phase: .sending)
            """
        ).bind(id).bind(token).first { _ in true }
        if stillStands == true { throw SQLiteError.ignored("UPDATE outboxd_mails") }
        return false
    }

    private static let acceptingLate = """
        UPDATE outboxd_mails SET phase = \(phase: .finished), wait = \(wait: .inLine), token = NULL
        WHERE id = ? AND token = ? AND phase = \(phase: .waiting)
        """

    /// The reply to the dot that was announced under this token has come after another process had
    /// taken the mail over.
    ///
    /// - Returns: false if somebody has begun to send it again, or settled it.
    func acceptLate(_ id: Int64, token: Int64) throws -> Bool {
        let place = try self.place(of: id)
        try connection.statement(Self.acceptingLate).bind(id).bind(token).run()
        guard connection.changes == 1 else { return false }
        if let place { totals.count(-1, at: place) }
        return true
    }

    private static let closing = """
        UPDATE outboxd_mails
        SET phase = \(phase: .finished), wait = \(wait: .inLine), owner = NULL, token = NULL
        WHERE id = ?
        """

    /// Nothing of the mail is open any more.
    func close(_ id: Int64) throws {
        try leave(id)
        try connection.statement(Self.closing).bind(id).run()
    }

    /// Its rows belong to another mail now.
    func merge(_ id: Int64) throws {
        try leave(id)
        try connection.statement(
            """
            UPDATE outboxd_mails SET phase = \(phase: .finished), wait = \(wait: .inLine)
            WHERE id = ?
            """
        ).bind(id).run()
    }

    // MARK: Waiting

    private static let puttingInLine = """
        UPDATE outboxd_mails SET wait = \(wait: .inLine), class = ?, due_at = ?
        WHERE id = ? AND phase = \(phase: .waiting)
        """

    func putInLine(_ id: Int64, _ turn: TurnClass, dueAt: WallTime) throws {
        try leave(id)
        try connection.statement(Self.puttingInLine).bind(turn.rawValue).bind(dueAt.milliseconds)
            .bind(id).run()
        try enter(id)
    }

    /// The mail leaves its line, and waits for something else than its turn.
    func setAside(_ id: Int64, _ wait: Wait) throws {
        try leave(id)
        try connection.statement(
            "UPDATE outboxd_mails SET wait = ? WHERE id = ? AND phase = \(phase: .waiting)"
        ).bind(wait.rawValue).bind(id).run()
        try touchRows(of: id)
    }

    /// Lets go those that waited for a mail of the same conversation and recipient.
    /// - Returns: Where each stands, and until when.
    func releaseBehind(_ key: MailKey) throws -> [Turn] {
        let turns = try connection.statement(
            """
            UPDATE outboxd_mails SET wait = \(wait: .inLine)
            WHERE recipient = ? AND conversation_id = ? AND helpdesk_id = ? AND phase < \(phase: .finished)
                AND phase = \(phase: .waiting) AND wait = \(wait: .behind)
            RETURNING line, class, due_at
            """
        ).bind(key.recipient).bind(key.conversationID).bind(key.helpdeskID).all(Turn.init)
        for turn in turns { totals.count(1, at: turn.place) }
        return turns
    }

    /// It does not stand in line, and will be due then.
    func setDueAt(_ id: Int64, _ dueAt: WallTime) throws {
        try connection.statement("UPDATE outboxd_mails SET due_at = ? WHERE id = ?")
            .bind(dueAt.milliseconds).bind(id).run()
    }

    /// One that has not been attempted joins the better class of those merged into it.
    func improve(_ id: Int64, to turn: TurnClass) throws {
        try leave(id)
        try connection.statement(
            """
            UPDATE outboxd_mails SET class = min(class, ?)
            WHERE id = ? AND class < \(turn: .retry)
            """
        ).bind(turn.rawValue).bind(id).run()
        try enter(id)
    }

    // MARK: What stands in lines

    /// Where a mail stands that a statement has put in line, or left there.
    struct Turn {
        var place: Line.Place
        var dueAt: WallTime

        /// - Parameter row: `line, class, due_at`.
        init(_ row: Statement) {
            place = Line.Place(line: row.int(0), turn: TurnClass(rawValue: row.int(1)) ?? .first)
            dueAt = row.time(2)
        }
    }

    private static let place = """
        SELECT line, class, due_at FROM outboxd_mails
        WHERE id = ? AND phase = \(phase: .waiting) AND wait = \(wait: .inLine)
        """

    /// nil if it does not stand in line.
    private func place(of id: Int64) throws -> Line.Place? {
        try connection.statement(Self.place).bind(id).first(Turn.init)?.place
    }

    /// Before a statement that may take the mail from its place.
    private func leave(_ id: Int64) throws {
        if let place = try self.place(of: id) { totals.count(-1, at: place) }
    }

    /// After a statement that may have put it in one.
    private func enter(_ id: Int64) throws {
        if let place = try self.place(of: id) { totals.count(1, at: place) }
    }

    // MARK: What is counted

    func countAttempt(_ id: Int64) throws {
        try connection.statement(
            "UPDATE outboxd_mails SET attempts = attempts + 1, troubles = 0 WHERE id = ?"
        ).bind(id).run()
    }

    /// A copy may have gone out.
    func countCopy(_ id: Int64) throws {
        try connection.statement("UPDATE outboxd_mails SET copies = copies + 1 WHERE id = ?")
            .bind(id).run()
    }

    /// A statement about the waiting mail failed.
    /// - Returns: how many did so in a row.
    func countTrouble(_ id: Int64) throws -> Int {
        try touchRows(of: id)
        return try connection.statement(
            "UPDATE outboxd_mails SET troubles = troubles + 1 WHERE id = ? RETURNING troubles"
        ).bind(id).all { Int($0.int(0)) }.first ?? 1
    }

    /// The outcome of a mail under way can't be written down.
    func countTroubleWhileSending(_ id: Int64) throws {
        try touchRows(of: id)
        try connection.statement(
            """
            UPDATE outboxd_mails SET troubles = troubles + 1
            WHERE id = ? AND phase = \(phase: .sending)
            """
        ).bind(id).run()
    }

    private func touchRows(of id: Int64) throws {
        try RowTable(connection: connection, totals: totals).touchAll(of: id)
    }

    /// It goes back in the class that it had.
    /// - Parameter isTakenOver: The process that had it has died, or froze.
    /// - Returns: where it stands.
    func giveBack(
        _ id: Int64, dueAt: WallTime?, isTakenOver: Bool, at now: WallTime
    ) throws -> [Turn] {
        try connection.statement(
            """
            UPDATE outboxd_mails SET due_at = coalesce(?, due_at), rescues = rescues + ?,
                probed_at = ? WHERE id = ?
            RETURNING line, class, due_at
            """
        ).bind(dueAt?.milliseconds).bind(isTakenOver).bind(now.milliseconds).bind(id)
            .all(Turn.init)
    }

    // MARK: Whose fault it was

    /// Why a mail was returned: bits of `struck`.
    enum Struck {
        static let byRefusal = 1
        /// Its attempt was taken back, since the relay seemed to refuse everybody for a reason of its own.
        static let bySystem = 2
    }

    func strike(_ id: Int64) throws {
        try connection.statement(
            "UPDATE outboxd_mails SET struck = struck | \(Struck.byRefusal) WHERE id = ?"
        ).bind(id).run()
    }

    /// It waits for its sender; those that were tried longest ago are the next probes.
    /// - Returns: its line and sender.
    func strike(_ id: Int64, at now: WallTime) throws -> (line: Int64, sender: String?)? {
        try connection.statement(
            """
            UPDATE outboxd_mails SET struck = struck | \(Struck.byRefusal), probed_at = ?
            WHERE id = ? RETURNING line, sender
            """
        ).bind(now.milliseconds).bind(id).all { (line: $0.int(0), sender: $0.optionalText(1)) }
            .first
    }

    /// A mail that had failed for a refusal that was not its fault waits again.
    /// - Returns: where it stands.
    func reopen(_ id: Int64, at now: WallTime) throws -> [Turn] {
        let turns = try connection.statement(
            """
            UPDATE outboxd_mails SET phase = \(phase: .waiting), wait = \(wait: .inLine),
                class = \(turn: .retry), probed_at = ?
            WHERE id = ? AND phase = \(phase: .finished)
            RETURNING line, class, due_at
            """
        ).bind(now.milliseconds).bind(id).all(Turn.init)
        for turn in turns { totals.count(1, at: turn.place) }
        return turns
    }

    /// It waits, and its copy goes out as it was announced.
    func isFrozen(_ id: Int64) throws -> Bool {
        try connection.statement(
            "SELECT 1 FROM outboxd_mails WHERE id = ? AND phase = \(phase: .waiting) AND copies > 0"
        ).bind(id).first { _ in true } ?? false
    }

    /// A finished mail waits again by an operator's word, as one that has not been tried.
    ///
    /// Of one whose dot was announced the same copy goes out.
    ///
    /// - Parameter line: Mails that ended before there were lines have none.
    func retry(_ id: Int64, line: Int64) throws {
        try leave(id)
        try connection.statement(
            """
            UPDATE outboxd_mails SET phase = \(phase: .waiting), wait = \(wait: .inLine), attempts = 0,
                copies = iif(id IN (SELECT mail_id FROM outboxd_frozen), copies, 0),
                troubles = 0, class = \(turn: .first), line = ?
            WHERE id = ? AND phase = \(phase: .finished)
            """
        ).bind(line).bind(id).run()
        try enter(id)
    }

    /// Whether it has ended, and was due before a time.
    func isOver(_ id: Int64, dueBefore before: WallTime) throws -> Bool {
        try connection.statement(
            "SELECT 1 FROM outboxd_mails WHERE id = ? AND phase = \(phase: .finished) AND due_at < ?"
        ).bind(id).bind(before.milliseconds).first { _ in true } ?? false
    }

    /// Its last row is gone.
    func prune(_ id: Int64) throws {
        try connection.statement(
            "DELETE FROM outboxd_mails WHERE id = ? AND phase = \(phase: .finished)"
        ).bind(id).run()
    }

    func turn(of id: Int64) throws -> TurnClass {
        try connection.statement("SELECT class FROM outboxd_mails WHERE id = ?").bind(id)
            .first { TurnClass(rawValue: $0.int(0)) ?? .first } ?? .first
    }

    /// As if the waiting mail had not been attempted; it is due at once.
    /// - Returns: where it stands.
    func takeBackAttempt(_ id: Int64, at now: WallTime) throws -> [Turn] {
        try connection.statement(
            """
            UPDATE outboxd_mails SET attempts = max(0, attempts - 1), due_at = ?, probed_at = ?,
                struck = struck | \(Struck.bySystem)
            WHERE id = ? AND phase = \(phase: .waiting)
            RETURNING line, class, due_at
            """
        ).bind(now.milliseconds).bind(now.milliseconds).bind(id).all(Turn.init)
    }

    /// Of what is under way nothing is known any more: no process has it, and no notes of one are asked.
    func disownSending() throws {
        try connection.statement(
            "UPDATE outboxd_mails SET owner = -1 WHERE phase = \(phase: .sending)"
        ).run()
    }

    // MARK: The clock

    /// Mails under way get their next time when they are finished: the step is done with them.
    func noteStepWhileSending(_ shift: Int64) throws {
        try connection.statement(
            "UPDATE outboxd_mails SET shifted = ? WHERE phase = \(phase: .sending)"
        ).bind(shift).run()
    }

    /// - Parameters:
    ///   - shift: The step of the clock that is followed.
    ///   - dueBy: milliseconds; 0 leaves the time as it is, as does `composedBy`.
    func move(_ id: Int64, shift: Int64, dueBy: Int64, composedBy: Int64) throws {
        try connection.statement(
            """
            UPDATE outboxd_mails SET shifted = ?2, due_at = due_at + ?3,
                composed_at = composed_at + ?4
            WHERE id = ?1
            """
        ).bind(id).bind(shift).bind(dueBy).bind(composedBy).run()
    }

    /// The hold is another one: the mail is due with the first of its rows.
    func followRows(_ id: Int64, shift: Int64) throws {
        try connection.statement(
            """
            UPDATE outboxd_mails SET shifted = ?2, due_at = coalesce((
                SELECT min(due_at) FROM outboxd_rows r
                WHERE r.mail_id = outboxd_mails.id AND r.state = \(row: .pending)), due_at)
            WHERE id = ?1
            """
        ).bind(id).bind(shift).run()
    }
}
