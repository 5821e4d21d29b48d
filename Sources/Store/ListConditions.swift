internal import Delivery
internal import SQLite

/// What all rows have in common that a filter lets through, as SQL, so that the others are not looked at one by one.
struct ListConditions {
    /// With the values of its parameters, in their order.
    struct Condition {
        var sql: String
        var texts: [String] = []

        static func all(_ parts: [Condition]) -> Condition { joined(parts, " AND ") }
        static func either(_ parts: [Condition]) -> Condition { joined(parts, " OR ") }

        private static func joined(_ parts: [Condition], _ word: String) -> Condition {
            let sql = parts.map { "(\($0.sql))" }.joined(separator: word)
            return Condition(sql: sql, texts: parts.flatMap(\.texts))
        }

        /// On the mail of `outboxd_rows r`.
        var onMailOfRow: Condition {
            Condition(
                sql: """
                    EXISTS (SELECT 1 FROM outboxd_mails m WHERE m.id = r.mail_id AND \(sql))
                    """, texts: texts)
        }
    }

    /// On `outboxd_mails m`, whatever has become of its rows.
    let mails: [Condition]
    /// On `outboxd_mails m` and `outboxd_rows r`, of an open row.
    let open: [Condition]
    /// On `outboxd_rows r`, of an open row.
    let openRows: [Condition]
    /// On `outboxd_rows r`, whatever has become of it.
    let rows: [Condition]
    /// On `outboxd_rows r`: its own error is the one looked for; nil: none is.
    let error: Condition?

    init(
        _ filter: OutboxView.Filter, _ circumstances: SQLiteReader.Circumstances,
        lines: [ListedLine]
    ) {
        let (sql, texts) = filter.conditionsOnMails
        mails = zip(sql, texts).map { Condition(sql: $0, texts: [$1]) }
        rows = SQLiteReader.created(filter, id: "r.id").map { Condition(sql: $0) }
        var open: [Condition] = []
        if !filter.waitReasons.isEmpty {
            open.append(Self.waits(for: filter.waitReasons, circumstances, lines))
        }
        error = filter.error.map(Self.mayHave)
        // The mail is looked at only where a line has an error of its own, which is told for all its rows.
        let areLinesFaulty = lines.contains { $0.park == .fault }
        openRows = areLinesFaulty ? [] : [error].compactMap(\.self)
        if let error, areLinesFaulty { open.append(.either([error, Self.isOfFaultyLine])) }
        self.open = open
    }

    private static let isOfFaultyLine = Condition(
        sql: "m.line IN (SELECT id FROM outboxd_lines WHERE error_text IS NOT NULL)")

    /// Whether the line of its failure may have the text in it, as ``OutboxView/Failure/line`` puts it together.
    ///
    /// What is upper case beyond ASCII is Swift's to say.
    private static func mayHave(_ error: String) -> Condition {
        let has = "r.error_text IS NOT NULL"
        guard error.utf8.allSatisfy({ $0 < 0x80 }) else { return Condition(sql: has) }
        return Condition(
            sql: """
                \(has) AND (r.error_text GLOB '*[^ -~]*' OR instr(lower(
                    coalesce(r.error_stage || ': ', '') || coalesce(r.error_code || ' ', '')
                    || iif(substr(r.error_text, 1, length(r.error_enhanced)) <> r.error_enhanced,
                        r.error_enhanced || ' ', '')
                    || r.error_text), ?) > 0)
                """, texts: [error.lowercased()])
    }

    /// The same as ``SQLiteReader/waitReason(_:_:_:dueAt:isFaulty:)``.
    private static func waits(
        for reasons: Set<WaitReason>, _ circumstances: SQLiteReader.Circumstances,
        _ lines: [ListedLine]
    ) -> Condition {
        func isParked(_ park: String) -> String {
            "m.line IN (SELECT id FROM outboxd_lines WHERE \(park))"
        }
        let isDue = "m.due_at <= \(circumstances.now.milliseconds)"
        let paused = lines.filter { circumstances.isPaused($0.helpdeskID) }.map(\.id)
        let words = reasons.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
        return Condition(
            sql: """
                m.phase = \(phase: .waiting) AND CASE
                    WHEN m.wait = \(wait: .uncertain) THEN \(word: .uncertain)
                    WHEN \(circumstances.isRestored) THEN \(word: .restored)
                    WHEN m.line IN (SELECT value FROM json_each(?)) THEN \(word: .paused)
                    WHEN \(isDue) AND \(isParked(Line.isParked(as: .sender))) THEN \(word: .sender)
                    WHEN \(isDue) AND \(circumstances.isRelayDown) THEN \(word: .relay)
                    WHEN \(BlockSummary.isTried) THEN \(word: .deferred)
                    WHEN NOT \(isDue) THEN \(word: .hold)
                    WHEN \(isParked("\(Line.isFaulty) AND troubles > 0")) THEN \(word: .deferred)
                    ELSE \(word: .queued) END
                    IN (\(words))
                """, texts: [SQLiteStore.list(paused)])
    }
}
