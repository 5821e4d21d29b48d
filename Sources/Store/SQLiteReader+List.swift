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
            var found: [Int64: Row] = [:]
            func add(_ rows: [Row]) { for row in rows { found[row.id] = row } }
            for query in queries(filter, position) {
                add(try rows(query, filter, limit: limit, circumstances))
            }
            if filter.ids == nil, filter.messageID == nil, !filter.takesAll {
                let lines = try ListedLine.all(connection)
                let search = ListSearch(filter, circumstances, lines: lines)
                let few = try fewRows(search, position)
                for query in few.queries {
                    add(try rows(query, filter, limit: limit, circumstances))
                }
                let walk = ListWalk(search, open: !few.haveOpen, ended: !few.haveEnded)
                if let walk {
                    add(try rows(walk, filter, limit: limit, position, circumstances))
                }
            }
            return Array(found.values.sorted { $0.id > $1.id }.prefix(limit))
        }
    }

    /// Ids of candidates, the newest first, and the values that the SQL asks for.
    struct Query {
        var sql: String
        var texts: [String]
        var before: Int64
        /// What it asks for between `before` and the texts, in a walk: from which id on.
        var from: Int64?
    }

    /// The queries narrow down; what is listed is decided by each row itself.
    func rows(
        _ query: Query, _ filter: Filter, limit: Int, _ circumstances: Circumstances
    ) throws -> [Row] {
        let statement = try connection.statement(query.sql).bind(query.before)
        defer { statement.reset() }
        if let from = query.from { try statement.bind(from) }
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

    /// SQL for when a row of `outbox` was created, as the filter asks.
    ///
    /// - Parameter id: SQL for its id.
    static func created(_ filter: Filter, id: String) -> [String] {
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
}
