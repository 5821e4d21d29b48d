internal import Delivery
internal import SQLite

/// Open rows where the mails in question are few: the indexes of open mails lead to them.
extension SQLiteReader {
    /// Mails of an index.
    private struct Source {
        var index: String
        /// On `outboxd_mails m`, for the index.
        var condition: ListConditions.Condition

        static let sending = Source(
            index: "outboxd_mails_sending", condition: .init(sql: "m.phase = \(phase: .sending)"))

        static func aside(_ wait: Wait) -> Source {
            Source(
                index: "outboxd_mails_aside",
                condition: .init(
                    sql: "m.phase = \(phase: .waiting) AND m.wait = \(wait: wait) AND m.wait > 0"))
        }

        static let faulty = Source(
            index: "outboxd_mails_troubles", condition: .init(sql: "m.troubles > 0"))

        static func of(_ conversation: String) -> Source {
            Source(
                index: "outboxd_mails_open",
                condition: .init(
                    sql: "m.conversation_id = ? AND m.phase < \(phase: .finished)",
                    texts: [conversation]))
        }

        static func to(_ recipient: String) -> Source {
            Source(
                index: "outboxd_mails_open",
                condition: .init(
                    sql: "m.recipient = ? AND m.phase < \(phase: .finished)", texts: [recipient]))
        }

        static func inLine(_ part: Part, _ lines: [Int64]) -> Source {
            Source(
                index: "outboxd_mails_due",
                condition: .init(
                    sql: """
                        m.phase = \(phase: .waiting) AND m.wait = \(wait: .inLine)
                        AND m.class = \(part.turn.rawValue)\(part.time)
                        AND m.line IN (SELECT value FROM json_each(?))
                        """, texts: [SQLiteStore.list(lines)]))
        }
    }

    /// Mails of a class in one line: all, or those that are due, or the later ones.
    private struct Part: Hashable {
        var turn: TurnClass
        var time = ""
    }

    /// - Returns: nil if they may be many.
    func fewOpen(
        _ search: ListSearch, _ position: Position
    ) throws -> [Query]? {
        try sources(search)?.map { Self.query($0, search, position) }
    }

    private func sources(_ search: ListSearch) throws -> [Source]? {
        let filter = search.filter
        let states = filter.possibleStates.intersection([.pending, .sending])
        if let recipient = filter.normalizedRecipient, !states.isEmpty {
            let source = Source.to(recipient)
            if try count(source, most: few) <= few { return [source] }
        }
        var sources = states.contains(.sending) ? [Source.sending] : []
        guard states.contains(.pending) else { return sources }
        // A look at each open mail in that index, where the way through the rows would take one at each mail itself.
        if let conversation = filter.conversationID { return [.of(conversation)] }
        guard let inLine = try inLine(search) else { return nil }
        for source in asideSources(search.reasons) {
            guard try count(source, most: few) <= few else { return nil }
            sources.append(source)
        }
        return sources + inLine
    }

    /// By the numbers that the lines keep, and where those of a part are needed, by counting that; nil: too many.
    private func inLine(_ search: ListSearch) throws -> [Source]? {
        var left = few
        var found: [Part: [Int64]] = [:]
        for line in search.lines {
            for (turn, mails) in line.mails {
                guard let part = Self.part(turn, line, search) else { continue }
                // Those that are due are counted where they may be far fewer.
                let isCounted = !part.time.isEmpty && mails > 100
                left -= isCounted ? try count(.inLine(part, [line.id]), most: left) : mails
                guard left >= 0 else { return nil }
                found[part, default: []].append(line.id)
            }
        }
        return found.map { .inLine($0, $1) }.sorted { $0.condition.sql < $1.condition.sql }
    }

    /// nil: none of them.
    private static func part(
        _ turn: TurnClass, _ line: ListedLine, _ search: ListSearch
    ) -> Part? {
        func areLookedFor(isDue: Bool) -> Bool {
            let reasons = line.reasons(turn, isDue: isDue, search.circumstances)
            return search.reasons.isEmpty || !search.reasons.isDisjoint(with: reasons)
        }
        let now = search.circumstances.now.milliseconds
        return switch (areLookedFor(isDue: true), areLookedFor(isDue: false)) {
        case (true, true): Part(turn: turn)
        case (true, false): Part(turn: turn, time: " AND m.due_at <= \(now)")
        case (false, true): Part(turn: turn, time: " AND m.due_at > \(now)")
        case (false, false): nil
        }
    }

    /// - Returns: one more than `most` at most.
    private func count(_ source: Source, most: Int) throws -> Int {
        let statement = try connection.statement(
            """
            SELECT count(*) FROM (
                SELECT 1 FROM outboxd_mails m INDEXED BY \(source.index)
                WHERE \(source.condition.sql) LIMIT \(most + 1))
            """)
        for text in source.condition.texts { try statement.bind(text) }
        return try statement.first { Int($0.int(0)) } ?? 0
    }

    /// Mails that don't stand in line, and those whose line does not tell what they wait for.
    private func asideSources(_ reasons: Set<WaitReason>) -> [Source] {
        func asks(_ some: Set<WaitReason>) -> Bool {
            reasons.isEmpty || !reasons.isDisjoint(with: some)
        }
        var sources: [Source] = []
        if asks([.uncertain]) { sources.append(.aside(.uncertain)) }
        if asks([.restored, .paused, .sender, .relay, .deferred]) {
            sources.append(.aside(.behind))
        }
        if reasons.contains(.deferred) { sources.append(.faulty) }
        return sources
    }

    /// The statements name their index: SQLite would else choose one by the statistics of the last ANALYZE.
    private static func query(
        _ source: Source, _ search: ListSearch, _ position: Position
    ) -> Query {
        let conditions = search.conditions
        let all = ListConditions.Condition.all(
            [source.condition] + conditions.mails + conditions.open + conditions.openRows
                + conditions.rows)
        return Query(
            sql: """
                SELECT r.id FROM outboxd_mails m INDEXED BY \(source.index)
                CROSS JOIN outboxd_rows r ON r.mail_id = m.id
                WHERE r.id < ? AND r.state = \(row: .pending) AND \(all.sql) ORDER BY r.id DESC
                """, texts: all.texts, before: position.before)
    }
}
