package import Delivery
internal import SQLite

extension SQLiteReader {
    /// The beginning of a list, before the newest row.
    package func start() throws -> OutboxView.Position {
        Position(before: .max, haveLateInserts: try haveLateInserts())
    }

    /// The newest matching rows from a position on, by descending id.
    package func list(
        _ filter: OutboxView.Filter, limit: Int, from position: OutboxView.Position? = nil,
        at now: WallTime
    ) throws -> [OutboxView.Row] {
        do {
            return try listed(filter, limit: limit, from: position, at: now)
        } catch let error as SQLiteError where error.isTooBig {
            // One tenant's row of 200 MB must not take the list of all others away.
            return try connection.withValues(upTo: .max) {
                try listed(filter, limit: limit, from: position, at: now)
            }
        }
    }

    private func listed(
        _ filter: Filter, limit: Int, from position: Position?, at now: WallTime
    ) throws -> [Row] {
        try connection.snapshot {
            let position = try position ?? start()
            let circumstances = try circumstances(at: now)
            var found: [Row] = []
            for query in queries(filter, position) {
                found += try rows(query, filter, limit: limit, circumstances)
            }
            return Array(found.sorted { $0.id > $1.id }.prefix(limit))
        }
    }

    /// Ids of candidates, the newest first, and the values that the SQL asks for.
    struct Query {
        var sql: String
        var texts: [String]
        var before: Int64
    }

    /// The queries narrow down; what is listed is decided by each row itself.
    private func rows(
        _ query: Query, _ filter: Filter, limit: Int, _ circumstances: Circumstances
    ) throws -> [Row] {
        let statement = try connection.statement(query.sql).bind(query.before)
        defer { statement.reset() }
        for text in query.texts { try statement.bind(text) }
        var rows: [Row] = []
        while rows.count < limit, try statement.step() {
            guard let row = try row(statement.int(0), circumstances), filter.matches(row) else {
                continue
            }
            rows.append(row)
        }
        return rows
    }

    /// One for each kind of row that can match: open, new, finished.
    func queries(_ filter: Filter, _ position: Position) -> [Query] {
        let before = position.before
        var queries: [Query] = []
        let states = filter.possibleStates
        let (mails, texts) = filter.conditionsOnMails
        if !states.isDisjoint(with: [.pending, .sending]) {
            queries.append(
                Query(sql: Self.openRows(filter, mails), texts: texts, before: before))
        }
        if filter.takesNewRows {
            let kinds =
                position.haveLateInserts
                ? [Self.notIngested(true)] : [Self.notIngested(false), Self.putOff]
            queries += kinds.map {
                Query(
                    sql: Self.newRows(filter, $0), texts: filter.textsOfNewRows, before: before)
            }
        }
        let finished = states.filter { ![.pending, .sending].contains($0) }
        if !finished.isEmpty {
            queries.append(
                Query(sql: Self.finishedRows(finished, filter, mails), texts: texts, before: before)
            )
        }
        return queries
    }

    /// From the index of open mails: it is as small as the work that is left.
    ///
    /// The statements that use it say so, since it must not depend on the statistics of somebody's
    /// ANALYZE.
    private static func openRows(_ filter: Filter, _ conditions: [String]) -> String {
        let onlyHeld = filter.reasons == [WaitReason.uncertain.rawValue]
        let all =
            ["m.phase < \(phase: .finished)", "r.state = \(row: .pending)", "r.id < ?"]
            + (onlyHeld ? ["m.wait = \(Wait.uncertain.rawValue)"] : [])
            + conditions
        return """
            SELECT r.id FROM outboxd_mails m INDEXED BY outboxd_mails_open
            CROSS JOIN outboxd_rows r ON r.mail_id = m.id
            WHERE \(all.joined(separator: " AND ")) ORDER BY r.id DESC
            """
    }

    private static func newRows(_ filter: Filter, _ condition: String) -> String {
        var all = [condition, "o.id < ?"]
        if filter.helpdeskID != nil { all.append("o.helpdesk_id = ?") }
        if filter.conversationID != nil { all.append("o.conversation_id = ?") }
        return """
            SELECT o.id FROM outbox o NOT INDEXED WHERE \(all.joined(separator: " AND "))
            ORDER BY o.id DESC
            """
    }

    private static func finishedRows(
        _ states: Set<RowState>, _ filter: Filter, _ conditions: [String]
    ) -> String {
        let numbers = states.map { String($0.rawValue) }.sorted().joined(separator: ", ")
        var all = ["r.state IN (\(numbers))", "r.id < ?"] + conditions
        if !filter.reasons.isEmpty {
            // Words of a closed list, checked by ``Filter/possibleReasons``: nothing to escape.
            let reasons = filter.possibleReasons.map { "'\($0)'" }.sorted()
            all.append("r.reason IN (\(reasons.joined(separator: ", ")))")
        }
        let mails =
            conditions.isEmpty ? "" : "CROSS JOIN outboxd_mails m ON m.id = r.mail_id"
        return """
            SELECT r.id FROM outboxd_rows r NOT INDEXED \(mails)
            WHERE \(all.joined(separator: " AND ")) ORDER BY r.id DESC
            """
    }
}

extension OutboxView.Filter {
    /// The closed list: of pending rows, of skipped ones, of failed ones.
    package static let knownReasons: [String] =
        WaitReason.allCases.map(\.rawValue) + SkipReason.allCases.map(\.rawValue)
        + FailReason.allCases.map(\.rawValue)

    fileprivate var possibleReasons: Set<String> { reasons.intersection(Self.knownReasons) }

    /// The states that are asked for and can have one of the reasons.
    fileprivate var possibleStates: Set<RowState> {
        let asked = states.isEmpty ? Set(RowState.allCases) : states
        guard !reasons.isEmpty else { return asked }
        var fitting: Set<RowState> = []
        for reason in reasons {
            if WaitReason(rawValue: reason) != nil { fitting.insert(.pending) }
            if SkipReason(rawValue: reason) != nil { fitting.insert(.skipped) }
            if FailReason(rawValue: reason) != nil { fitting.insert(.failed) }
        }
        return asked.intersection(fitting)
    }

    /// Rows that nobody has ingested wait for their hold, or are paused.
    fileprivate var takesNewRows: Bool {
        possibleStates.contains(.pending)
            && (reasons.isEmpty
                || !reasons.isDisjoint(
                    with: [.hold, .queued, .deferred, .paused].map(\WaitReason.rawValue)))
    }

    fileprivate var conditionsOnMails: (sql: [String], texts: [String]) {
        let all = [
            ("m.recipient = ?", normalizedRecipient), ("m.conversation_id = ?", conversationID),
            ("m.helpdesk_id = ?", helpdeskID),
        ].filter { $0.1 != nil }
        return (all.map(\.0), all.compactMap(\.1))
    }

    fileprivate var textsOfNewRows: [String] { [helpdeskID, conversationID].compactMap(\.self) }

    fileprivate func matches(_ row: OutboxView.Row) -> Bool {
        (states.isEmpty || states.contains(row.state))
            && (reasons.isEmpty || row.reason.map(reasons.contains) == true)
            && (helpdeskID == nil || helpdeskID == row.helpdeskID)
            && (conversationID == nil || conversationID == row.conversationID)
            && (normalizedRecipient == nil
                || normalizedRecipient == AddressText.normalized(row.recipientEmail))
    }
}
