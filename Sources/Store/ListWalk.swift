internal import Delivery
internal import SQLite

/// A way through `outboxd_rows` by descending ids, which passes over blocks that have nothing of what is looked for.
struct ListWalk {
    typealias Condition = ListConditions.Condition

    /// Ids of rows from one id to another: see ``SQLiteReader/Query``.
    var sql: String {
        """
        SELECT r.id FROM outboxd_rows r NOT INDEXED
        WHERE r.id < ? AND r.id >= ? AND \(condition.sql) ORDER BY r.id DESC
        """
    }
    /// On `outboxd_rows r`.
    let condition: Condition
    /// On `outboxd_blocks`: there may be such rows.
    private let mayHave: Condition

    /// Blocks to pass over, up to one of them.
    var blocks: (sql: String, texts: [String]) {
        let sql = """
            SELECT block FROM outboxd_blocks WHERE block <= ? AND NOT (\(mayHave.sql))
            ORDER BY block DESC
            """
        return (sql, mayHave.texts)
    }

    /// nil if nothing is looked for.
    ///
    /// - Parameter open: Also rows that are open; the others are those that have ended.
    init?(_ search: ListSearch, open: Bool, ended: Bool) {
        guard let (rows, mayHave) = Self.parts(search, open: open, ended: ended) else { return nil }
        let conditions = search.conditions
        let mails = conditions.mails.isEmpty ? [] : [Condition.all(conditions.mails).onMailOfRow]
        condition = .all([rows] + mails + conditions.rows)
        self.mayHave = mayHave
    }

    /// On `outboxd_rows r`, and on `outboxd_blocks`.
    private static func parts(
        _ search: ListSearch, open: Bool, ended: Bool
    ) -> (rows: Condition, blocks: Condition)? {
        let filter = search.filter
        let states = filter.possibleStates
        let endings = states.subtracting([.pending, .sending])
        var rows: [Condition] = []
        var blocks: [Condition] = []
        if open, endings != states {
            rows.append(Self.open(search.conditions))
            blocks.append(mayHaveOpen(search))
        }
        if ended, !endings.isEmpty {
            rows.append(Self.ended(endings, search))
            let error = filter.error == nil ? "" : " AND \(BlockSummary.mayHaveError)"
            let mayHave = BlockSummary.mayHave(endings, reasons: filter.possibleReasons)
            blocks.append(Condition(sql: mayHave + error))
        }
        guard !rows.isEmpty else { return nil }
        return (.either(rows), .either(blocks))
    }

    private static func mayHaveOpen(_ search: ListSearch) -> Condition {
        func mayWait(_ lines: [ListedLine]) -> Condition {
            let list = SQLiteStore.list(lines.map(\.id))
            return Condition(sql: BlockSummary.mayWaitInLines, texts: [list])
        }
        var all = [Condition(sql: BlockSummary.mayHave([.pending], reasons: []))]
        if search.lines.count < search.linesInAll { all.append(mayWait(search.lines)) }
        // A line whose helpdesk can't be read has an error, and all its mails are deferred.
        let faulty = mayWait(search.lines.filter { $0.park == .fault })
        if search.reasons == [.deferred] {
            all.append(.either([Condition(sql: "has_tried"), faulty]))
        }
        if search.filter.error != nil {
            all.append(.either([Condition(sql: BlockSummary.mayHaveError), faulty]))
        }
        return .all(all)
    }

    private static func open(_ conditions: ListConditions) -> Condition {
        var all = [Condition(sql: "r.state = \(row: .pending)")]
        all += conditions.openRows
        if !conditions.open.isEmpty { all.append(Condition.all(conditions.open).onMailOfRow) }
        return .all(all)
    }

    private static func ended(_ states: Set<RowState>, _ search: ListSearch) -> Condition {
        let filter = search.filter
        let numbers = states.map { String($0.rawValue) }.sorted().joined(separator: ", ")
        // The + keeps SQLite from putting the number into the expression of an index, which then does not serve.
        var all = [Condition(sql: "+r.state IN (\(numbers))")]
        if !filter.reasons.isEmpty {
            // Words of a closed list, checked by ``Filter/possibleReasons``: nothing to escape.
            let reasons = filter.possibleReasons.map { "'\($0)'" }.sorted()
            all.append(Condition(sql: "r.reason IN (\(reasons.joined(separator: ", ")))"))
        }
        if let error = search.conditions.error { all.append(error) }
        return .all(all)
    }
}

extension SQLiteReader {
    func rows(
        _ walk: ListWalk, _ filter: Filter, limit: Int, _ position: Position,
        _ circumstances: Circumstances
    ) throws -> [Row] {
        var before = position.before
        let (sql, texts) = walk.blocks
        let blocks = try connection.statement(sql).bind(RowBlock.of(before &- 1))
        defer { blocks.reset() }
        for text in texts { try blocks.bind(text) }
        var found: [Row] = []
        while found.count < limit {
            let passed = try blocks.step() ? RowBlock.ids(blocks.int(0)) : nil
            // The last id of a block is never the greatest of all: the newest block is not written down.
            let from = passed.map { $0.upperBound &+ 1 } ?? .min
            if from < before {
                let query = Query(
                    sql: walk.sql, texts: walk.condition.texts, before: before, from: from)
                found += try rows(
                    query, filter, limit: limit - found.count, circumstances)
            }
            guard let passed else { break }
            before = min(before, passed.lowerBound)
        }
        return found
    }
}
