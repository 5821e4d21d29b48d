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
            found += try openRows(filter, limit: limit, position, circumstances)
            for query in queries(filter, position) {
                found += try rows(query, filter, limit: limit, circumstances)
            }
            found += try finishedRows(filter, limit: limit, position, circumstances)
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

    /// How many rows are looked at one by one for open ones, before the index of open mails is.
    private static let stretch = 20_000

    /// Open rows are mostly the newest: there they are found one by one, in order.
    ///
    /// Below that the index of open mails has them, which has to be sorted.
    private func openRows(
        _ filter: Filter, limit: Int, _ position: Position, _ circumstances: Circumstances
    ) throws -> [Row] {
        guard filter.ids == nil, filter.messageID == nil, !filter.takesAll,
            !filter.possibleStates.isDisjoint(with: [.pending, .sending])
        else { return [] }
        let (mails, texts) = filter.conditionsOnMails
        let narrowed = mails + Self.conditionsOnOpen(filter, circumstances)
        if let index = Self.indexOfFew(filter) {
            let few = Query(
                sql: Self.openRows(narrowed, index), texts: texts, before: position.before)
            return try rows(few, filter, limit: limit, circumstances)
        }
        let floor = try floor(position)
        let near = Query(
            sql: Self.openRowsOneByOne(narrowed, from: floor ?? -.max), texts: texts,
            before: position.before)
        var found = try rows(near, filter, limit: limit, circumstances)
        guard let floor, found.count < limit else { return found }
        let rest = Query(
            sql: Self.openRows(narrowed, "outboxd_mails_open"), texts: texts, before: floor)
        found += try rows(rest, filter, limit: limit - found.count, circumstances)
        return found
    }

    /// Where the stretch ends in which rows are looked at one by one; nil: at the last row.
    private func floor(_ position: Position) throws -> Int64? {
        try connection.statement(
            "SELECT id FROM outboxd_rows NOT INDEXED WHERE id < ? ORDER BY id DESC LIMIT 1 OFFSET \(Self.stretch)"
        ).bind(position.before).first { $0.int(0) }
    }

    /// Most rows were sent, and are read in order.
    ///
    /// Where only skipped or failed rows are asked for, the index of what has ended leads to those that are not
    /// among the newest: it has to be sorted.
    private func finishedRows(
        _ filter: Filter, limit: Int, _ position: Position, _ circumstances: Circumstances
    ) throws -> [Row] {
        let states = filter.possibleStates.subtracting([.pending, .sending])
        guard filter.ids == nil, filter.messageID == nil, !filter.takesAll, !states.isEmpty else {
            return []
        }
        let texts = filter.conditionsOnMails.texts
        let floor = states.contains(.sent) ? nil : try floor(position)
        let near = Query(
            sql: Self.finishedRows(states, filter, from: floor ?? -.max), texts: texts,
            before: position.before)
        var found = try rows(near, filter, limit: limit, circumstances)
        guard let floor, found.count < limit else { return found }
        let rest = Query(
            sql: Self.finishedRows(states, filter, from: nil), texts: texts, before: floor)
        found += try rows(rest, filter, limit: limit - found.count, circumstances)
        return found
    }

    private static func openRowsOneByOne(_ conditions: [String], from floor: Int64) -> String {
        let all =
            ["r.state = \(row: .pending)", "r.id < ?", "r.id >= \(floor)"] + conditions
        let mails =
            conditions.isEmpty ? "" : "CROSS JOIN outboxd_mails m ON m.id = r.mail_id"
        return """
            SELECT r.id FROM outboxd_rows r NOT INDEXED \(mails)
            WHERE \(all.joined(separator: " AND ")) ORDER BY r.id DESC
            """
    }

    /// One for each kind of row that can match, but for open and finished ones.
    func queries(_ filter: Filter, _ position: Position) -> [Query] {
        let before = position.before
        if let ids = filter.ids {
            return [Query(sql: Self.these, texts: [SQLiteStore.list(Array(ids))], before: before)]
        }
        if let messageID = filter.messageID {
            return [Query(sql: Self.ofMessage, texts: [messageID], before: before)]
        }
        if filter.takesAll {
            return [Query(sql: Self.all(filter), texts: [], before: before)]
        }
        var queries: [Query] = []
        if filter.takesNewRows {
            let kinds =
                position.haveLateInserts
                ? [Self.notIngested(true)] : [Self.notIngested(false), Self.putOff]
            queries += kinds.map {
                Query(
                    sql: Self.newRows(filter, $0), texts: filter.textsOfNewRows, before: before)
            }
        }
        return queries
    }

    private static let these =
        "SELECT id FROM outbox WHERE id < ? AND id IN (SELECT value FROM json_each(?)) ORDER BY id DESC"

    private static func all(_ filter: Filter) -> String {
        let conditions = (["o.id < ?"] + created(filter, id: "o.id")).joined(separator: " AND ")
        return "SELECT o.id FROM outbox o NOT INDEXED WHERE \(conditions) ORDER BY o.id DESC"
    }

    /// The email's own is found in an index, the reply's in that of the unique key.
    private static let ofMessage = """
        SELECT id FROM (
            SELECT r.id FROM outboxd_mails m CROSS JOIN outboxd_rows r ON r.mail_id = m.id
            WHERE m.email_message_id IN (?2, '<' || ?2 || '>')
            UNION SELECT id FROM outbox WHERE message_id IN (?2, '<' || ?2 || '>'))
        WHERE id < ?1 ORDER BY id DESC
        """

    /// The index that has all mails in question and hardly any other; nil if they are among the open ones.
    private static func indexOfFew(_ filter: Filter) -> String? {
        if filter.possibleStates.isDisjoint(with: [.pending]) { return "outboxd_mails_sending" }
        let onlyHeld = filter.reasons == [WaitReason.uncertain.rawValue]
        return onlyHeld && filter.possibleStates == [.pending] ? "outboxd_mails_aside" : nil
    }

    /// From an index of open mails: it is as small as the work that is left.
    ///
    /// The statements that use it say so, since it must not depend on the statistics of somebody's
    /// ANALYZE.
    private static func openRows(_ conditions: [String], _ index: String) -> String {
        let mails =
            switch index {
            case "outboxd_mails_sending": "m.phase = \(phase: .sending)"
            case "outboxd_mails_aside": "m.phase = \(phase: .waiting) AND m.wait > 0"
            default: "m.phase < \(phase: .finished)"
            }
        let all = [mails, "r.state = \(row: .pending)", "r.id < ?"] + conditions
        return """
            SELECT r.id FROM outboxd_mails m INDEXED BY \(index)
            CROSS JOIN outboxd_rows r ON r.mail_id = m.id
            WHERE \(all.joined(separator: " AND ")) ORDER BY r.id DESC
            """
    }

    /// What every open row that can match has in common, so that the others are not looked at one by one.
    ///
    /// SQL on `outboxd_rows r` and `outboxd_mails m`.
    private static func conditionsOnOpen(
        _ filter: Filter, _ circumstances: Circumstances
    ) -> [String] {
        var all = created(filter, id: "r.id")
        if filter.error != nil {
            all.append(
                """
                (r.error_text IS NOT NULL OR m.line IN (
                    SELECT id FROM outboxd_lines WHERE error_text IS NOT NULL))
                """)
        }
        if filter.possibleStates.isDisjoint(with: [.sending]), !filter.reasons.isEmpty {
            let reasons = filter.reasons.compactMap(WaitReason.init(rawValue:))
                .map { condition(on: $0, circumstances) }
            all.append("(\(reasons.sorted().joined(separator: " OR ")))")
        }
        return all
    }

    /// True for every row that ``waitReason(_:_:_:dueAt:isFaulty:)`` gives the reason, and for some others.
    private static func condition(
        on reason: WaitReason, _ circumstances: Circumstances
    ) -> String {
        let isDue = "m.due_at <= \(circumstances.now.milliseconds)"
        func isParked(_ park: Line.Park) -> String {
            "m.line IN (SELECT id FROM outboxd_lines WHERE \(Line.isParked(as: park)))"
        }
        return switch reason {
        case .uncertain: "m.wait = \(wait: .uncertain)"
        case .restored: circumstances.isRestored ? "1" : "0"
        case .paused: circumstances.paused.isEmpty && !circumstances.isEverythingPaused ? "0" : "1"
        case .sender: "\(isDue) AND \(isParked(.sender))"
        case .relay: circumstances.isRelayDown ? isDue : "0"
        case .deferred:
            """
            m.attempts > 0 OR m.wait = \(wait: .behind) OR m.troubles > 0 OR \(isParked(.fault))
            """
        case .queued: isDue
        case .hold: "NOT \(isDue)"
        }
    }

    /// SQL for when a row of `outbox` was created, as the filter asks.
    ///
    /// - Parameter id: SQL for its id.
    private static func created(_ filter: Filter, id: String) -> [String] {
        let createdAt = "(SELECT created_at FROM outbox x WHERE x.id = \(id))"
        return [
            filter.since.map { "\(createdAt) >= \($0.milliseconds)" },
            filter.until.map { "\(createdAt) <= \($0.milliseconds)" },
        ].compactMap(\.self)
    }

    private static func newRows(_ filter: Filter, _ condition: String) -> String {
        var all = [condition, "o.id < ?"] + created(filter, id: "o.id")
        if filter.helpdeskID != nil { all.append("o.helpdesk_id = ?") }
        if filter.conversationID != nil { all.append("o.conversation_id = ?") }
        return """
            SELECT o.id FROM outbox o NOT INDEXED WHERE \(all.joined(separator: " AND "))
            ORDER BY o.id DESC
            """
    }

    /// - Parameter first: The smallest id; nil: all, from the index of what has ended.
    private static func finishedRows(
        _ states: Set<RowState>, _ filter: Filter, from first: Int64?
    ) -> String {
        let numbers = states.map { String($0.rawValue) }.sorted().joined(separator: ", ")
        let conditions = filter.conditionsOnMails.sql
        var all = ["r.id < ?"] + conditions
        if let first {
            all += ["r.state IN (\(numbers))", "r.id >= \(first)"]
        } else {
            all.append(EndedMigration.ended(as: numbers))
        }
        if !filter.reasons.isEmpty {
            // Words of a closed list, checked by ``Filter/possibleReasons``: nothing to escape.
            let reasons = filter.possibleReasons.map { "'\($0)'" }.sorted()
            all.append("r.reason IN (\(reasons.joined(separator: ", ")))")
        }
        if filter.error != nil { all.append("r.error_text IS NOT NULL") }
        all += created(filter, id: "r.id")
        let mails =
            conditions.isEmpty ? "" : "CROSS JOIN outboxd_mails m ON m.id = r.mail_id"
        return """
            SELECT r.id
            FROM outboxd_rows r \(first == nil ? "INDEXED BY outboxd_rows_ended" : "NOT INDEXED") \(mails)
            WHERE \(all.joined(separator: " AND ")) ORDER BY r.id DESC
            """
    }
}

extension OutboxView.Filter {
    /// The closed list: of pending rows, of skipped ones, of failed ones.
    package static let knownReasons: [String] =
        WaitReason.allCases.map(\.rawValue) + SkipReason.allCases.map(\.rawValue)
        + FailReason.allCases.map(\.rawValue)

    /// No state that is asked for can have one of the reasons.
    package var isImpossible: Bool { possibleStates.isEmpty }

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

    /// Rows that nobody has ingested wait for their hold, or are held back.
    fileprivate var takesNewRows: Bool {
        possibleStates.contains(.pending)
            && (reasons.isEmpty
                || !reasons.isDisjoint(
                    with: [.hold, .queued, .deferred, .paused, .restored].map(
                        \WaitReason.rawValue)))
    }

    fileprivate var conditionsOnMails: (sql: [String], texts: [String]) {
        let all = [
            ("m.recipient = ?", normalizedRecipient), ("m.conversation_id = ?", conversationID),
            ("m.helpdesk_id = ?", helpdeskID),
            ("substr(m.recipient, instr(m.recipient, '@') + 1) = ?", domain),
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
            && matchesRest(row)
    }

    private func matchesRest(_ row: OutboxView.Row) -> Bool {
        if let ids, !ids.contains(row.id) { return false }
        if let since, row.createdAt < since { return false }
        if let until, row.createdAt > until { return false }
        if let domain, domain != OutboxView.Filter.domain(of: row.recipientEmail) { return false }
        if let error {
            let line = row.lastError?.line.lowercased()
            guard line?.contains(error.lowercased()) == true else { return false }
        }
        guard let messageID else { return true }
        let spellings = [messageID, "<\(messageID)>"]
        return spellings.contains(row.messageID)
            || row.emailMessageID.map(spellings.contains) == true
    }

    /// Lower-cased; empty where there is no @.
    package static func domain(of address: String) -> String {
        let address = AddressText.normalized(address)
        guard let at = address.lastIndex(of: "@") else { return "" }
        return String(address[address.index(after: at)...])
    }

    /// Every row, whatever has become of it, in the order of `outbox`.
    fileprivate var takesAll: Bool {
        states.isEmpty && reasons.isEmpty && helpdeskID == nil && conversationID == nil
            && recipient == nil && domain == nil && error == nil
    }
}
