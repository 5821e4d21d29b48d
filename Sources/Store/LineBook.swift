internal import Delivery
internal import SQLite

/// Keeps the lines' due times true within one transaction, for few statements: a batch of 500 rows of
/// one helpdesk asks for its line once.
///
/// A due time may be earlier than the first mail of its class (the next claim finds that out and
/// recounts), never later: a mail that its line does not announce would wait for ever.
final class LineBook {
    private let connection: Connection
    private var ids: [String: Int64] = [:]
    /// Due times that are at least as early in the table.
    private var announced: [Line.Place: WallTime] = [:]

    init(connection: Connection) {
        self.connection = connection
    }

    /// Another process may have written since.
    func transactionBegins() { announced.removeAll(keepingCapacity: true) }

    /// What was made in the transaction is gone.
    func transactionFailed() {
        ids.removeAll()
        announced.removeAll()
    }

    /// The helpdesk's line, made if there is none.
    func line(of helpdeskID: String) throws -> Int64 {
        if let known = ids[helpdeskID] { return known }
        if ids.count > 10_000 { ids.removeAll() }
        let found = try connection.statement("SELECT id FROM outboxd_lines WHERE helpdesk_id = ?")
            .bind(helpdeskID).first { $0.int(0) }
        let id: Int64
        if let found {
            id = found
        } else {
            try connection.statement("INSERT INTO outboxd_lines (helpdesk_id) VALUES (?)")
                .bind(helpdeskID).runForOneRow()
            id = connection.lastInsertRowID
        }
        ids[helpdeskID] = id
        return id
    }

    /// A mail of the class waits in the line until then.
    func announce(_ line: Int64, _ turn: TurnClass, dueAt: WallTime) throws {
        let place = Line.Place(line: line, turn: turn)
        if let known = announced[place], known <= dueAt { return }
        let column = Line.column(turn)
        try connection.statement(
            """
            UPDATE outboxd_lines SET \(column) = ?1
            WHERE id = ?2 AND (\(column) IS NULL OR \(column) > ?1)
            """
        ).bind(dueAt.milliseconds).bind(line).run()
        announced[place] = dueAt
    }

    /// Finds the line's due times anew; three look-ups in the index of waiting mails.
    ///
    /// - Parameter turn: When the line has had a turn of its instant mails; it stands behind all lines
    ///   that had theirs before. nil leaves it where it is.
    func recount(_ line: Int64, turn: Int64? = nil) throws {
        try connection.statement(
            """
            UPDATE outboxd_lines SET turn = coalesce(?, turn), \(Line.dueTimesAnew)
            WHERE id = ?
            """
        ).bind(turn).bind(line).run()
        for turn in TurnClass.allCases { announced[Line.Place(line: line, turn: turn)] = nil }
    }

    /// The same for all lines, after the times of many mails have moved.
    func recountAll() throws {
        try connection.execute("UPDATE outboxd_lines SET \(Line.dueTimesAnew)")
        announced.removeAll(keepingCapacity: true)
    }

    func park(
        _ line: Int64, _ park: Line.Park, sender: String? = nil
    ) throws {
        try connection.statement("UPDATE outboxd_lines SET parked = ?, sender = ? WHERE id = ?")
            .bind(park.rawValue).bind(park == .sender ? sender : nil).bind(line).run()
    }

    /// The helpdesk's own row can't be read: its mails wait, and it is tried again later.
    /// - Returns: until when, and whether it failed for the first time in a row.
    func parkForFault(
        _ line: Int64, text: String, at now: WallTime
    ) throws -> (until: WallTime, isNew: Bool) {
        let failures =
            try connection.statement("SELECT troubles FROM outboxd_lines WHERE id = ?")
            .bind(line).first { Int($0.int(0)) } ?? 0
        let until = now + StatementBackoff.delay(failures: failures + 1)
        try connection.statement(
            """
            UPDATE outboxd_lines SET parked = ?, sender = NULL, troubles = troubles + 1, retry_at = ?,
                error_text = ?
            WHERE id = ?
            """
        ).bind(Line.Park.fault.rawValue).bind(until.milliseconds).bind(text).bind(line).run()
        return (until, failures == 0)
    }

    /// The line waits for a moment, unless it waits for something else already; nothing of it has failed.
    func rest(_ line: Int64, until: WallTime) throws {
        try connection.statement(
            "UPDATE outboxd_lines SET parked = \(park: .fault), retry_at = ? WHERE id = ? AND parked = \(park: .none)"
        ).bind(until.milliseconds).bind(line).run()
    }

    /// Those that wait for another look have it now.
    func retryFaults() throws {
        try connection.execute(
            "UPDATE outboxd_lines SET retry_at = 0 WHERE parked = \(park: .fault) AND troubles > 0")
    }

    /// Puts lines back that wait for another look at their helpdesk's row.
    func releaseFaults(at now: WallTime) throws {
        try connection.statement(
            """
            UPDATE outboxd_lines SET parked = \(park: .none)
            WHERE id IN (SELECT id FROM outboxd_lines INDEXED BY outboxd_lines_parked
                WHERE \(Line.isFaulty) AND troubles > 0 AND retry_at <= ? LIMIT 100)
            """
        ).bind(now.milliseconds).run()
    }

    /// Puts the line back that has rested for longest.
    func releaseRested(at now: WallTime) throws {
        try connection.statement(
            """
            UPDATE outboxd_lines SET parked = \(park: .none)
            WHERE id = (SELECT id FROM outboxd_lines INDEXED BY outboxd_lines_parked
                WHERE \(Line.isFaulty) AND troubles = 0 AND retry_at <= ?
                ORDER BY retry_at LIMIT 1)
            """
        ).bind(now.milliseconds).run()
    }

    /// The helpdesk's row could be read again.
    func faultIsOver(_ line: Int64) throws {
        try connection.statement(
            "UPDATE outboxd_lines SET troubles = 0, retry_at = NULL, error_text = NULL WHERE id = ?"
        ).bind(line).run()
    }
}
