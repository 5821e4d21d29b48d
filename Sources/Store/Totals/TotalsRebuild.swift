internal import Delivery
internal import SQLite

/// Counts `outboxd_totals` anew, by a look at every row, and what stands in lines, by a look at every mail that does.
///
/// What is pruned can't be seen any more: it counts as it was counted when it was pruned.
///
/// How many mails were saved can't be counted once rows were pruned: it is counted when the table is made,
/// and goes on from there.
enum TotalsRebuild {
    static let ddl = ["INSERT INTO outboxd_totals (key, number) \(endings)", saved]

    private static let saved = """
        INSERT OR IGNORE INTO outboxd_totals (key, number)
        SELECT '\(TotalKey.savedByRead.name)', coalesce(sum(read = number), 0) FROM \(perMail)
        UNION ALL
        SELECT '\(TotalKey.savedByCombining.name)', coalesce(sum(max(sent - 1, 0)), 0) FROM \(perMail)
        """

    /// `key, number` of the rows that have ended, as they should be.
    private static let endings = """
        SELECT key, count(*) FROM (
            SELECT CASE state WHEN \(row: .sent) THEN \(word: RowState.sent)
                WHEN \(row: .skipped) THEN '\(RowState.skipped.name):' || reason
                ELSE '\(RowState.failed.name):' || reason END AS key
            FROM outboxd_rows WHERE state <> \(row: .pending))
        GROUP BY key
        """

    private static let perMail = """
        (SELECT count(*) AS number, sum(state = \(row: .sent)) AS sent,
            sum(state = \(row: .skipped) AND reason = \(word: SkipReason.read)) AS read
        FROM outboxd_rows GROUP BY mail_id)
        """

    /// The same, and those that are pruned by now.
    private static let all = """
        SELECT key, sum(number) AS number FROM (
            WITH ended (key, number) AS (\(endings))
            SELECT key, number FROM ended
            UNION ALL
            SELECT substr(key, \(TotalKey.prunedPrefix.count + 1)), number FROM outboxd_totals WHERE \(isPruned))
        GROUP BY 1 HAVING sum(number) <> 0
        """

    private static let isPruned = "key LIKE '\(TotalKey.prunedPrefix)%'"

    /// What no look at the rows can tell.
    private static let isKept = "\(isSaved) OR \(isPruned)"

    private static let isSaved =
        "key IN ('\(TotalKey.savedByRead.name)', '\(TotalKey.savedByCombining.name)')"

    /// - Returns: whether any of them was wrong.
    static func run(_ connection: Connection) throws -> Bool {
        guard try isWrong(connection) else { return false }
        try connection.execute("UPDATE outboxd_totals SET number = 0 WHERE NOT (\(isKept))")
        try connection.execute(
            """
            INSERT INTO outboxd_totals (key, number) SELECT key, number FROM (\(all)) WHERE true
            ON CONFLICT DO UPDATE SET number = excluded.number
            """)
        try connection.execute(saved)
        try connection.execute(
            "UPDATE outboxd_lines SET \(Line.mailsAnew) WHERE \(Line.isMiscounted)")
        return true
    }

    static func isWrong(_ connection: Connection) throws -> Bool {
        try connection.statement(
            """
            WITH should (key, number) AS (\(all)),
                are AS (SELECT key, number FROM outboxd_totals WHERE number <> 0 AND NOT (\(isKept)))
            SELECT EXISTS (SELECT key, number FROM should EXCEPT SELECT key, number FROM are)
                OR EXISTS (SELECT key, number FROM are EXCEPT SELECT key, number FROM should)
                OR EXISTS (SELECT 1 FROM outboxd_lines WHERE \(Line.isMiscounted))
            """
        ).first { $0.bool(0) } ?? false
    }
}
