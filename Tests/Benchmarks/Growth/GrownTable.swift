import Delivery
import SQLite
import Store
import TestSupport

/// A database with years behind it: outboxd itself makes a small one, and SQL multiplies its rows.
///
/// What a finished or waiting row looks like in outboxd's own tables is outboxd's affair this way:
/// only columns that tell rows apart are known here. Of those that wait half are on hold, a quarter
/// belong to a paused helpdesk, and a quarter were put off by the relay.
struct GrownTable {
    private let outbox: Outbox
    private let copies: Int
    /// Finished rows in the small one, and waiting ones.
    private let finished: Int
    private let waiting: Int

    /// So that `hold` rows stay there while others, written ``age`` ago, are due.
    static let settings = [
        "OUTBOXD_HOLD": "2h", "OUTBOXD_RETRY_BASE": "1d", "OUTBOXD_RETRY_CAP": "1d",
        "OUTBOXD_LOG_LEVEL": "warning",
    ]
    static let age = Duration.seconds(3 * 3_600)

    static func fill(_ outbox: Outbox, finished: Int, waiting: Int) throws {
        let copies = max(1, finished / 1_000)
        let table = GrownTable(
            outbox: outbox, copies: copies, finished: finished / copies, waiting: waiting / copies)
        try table.makeSmall()
        try table.multiply()
        // Counts the totals anew.
        try Product.migrate(outbox.path)
    }

    // MARK: The small one

    private func makeSmall() throws {
        let sink = try TimingSink()
        try outbox.addHelpdesk("paused", isPaused: true)
        for desk in 0..<10 { try fill(finished / 10, "desk-\(desk)") }
        try fill(waiting / 4, "paused")
        try fill(waiting / 4, "desk-0", recipient: TimingSink.deferred)
        try fill(waiting / 2, "desk-1", age: .zero)
        _ = try Product.drain(outbox, into: sink.url, settings: Self.settings)
        let sent = finished / 10 * 10
        let states = try outbox.states()
        guard states["sent"] == sent, states.keys.allSatisfy(["sent", "pending"].contains) else {
            throw Problem("the small table has \(states), not \(sent) sent and others pending")
        }
    }

    private func fill(
        _ rows: Int, _ helpdesk: String, recipient: String = "customer", age: Duration = Self.age
    ) throws {
        // Short texts: of finished rows none is read.
        try outbox.fill(
            rows, helpdesk: helpdesk, recipient: recipient, age: age, bodyLength: 300)
    }

    // MARK: Its copies

    private func multiply() throws {
        let connection = outbox.connection
        try connection.execute("PRAGMA cache_size = -1000000; PRAGMA synchronous = OFF")
        try connection.execute("PRAGMA journal_mode = MEMORY")
        // Ids of both kinds move alike, so that rows stay with their mails.
        let stride =
            try [TableColumns.rows, "outboxd_mails"].map { table in
                try connection.statement("SELECT max(id) FROM \(table)").first { $0.int(0) } ?? 0
            }.max() ?? 0
        try noteIdentities(stride: stride)
        for table in try TableColumns.all(of: connection) {
            try copy(table, stride: stride)
        }
        try connection.execute("DROP TABLE temp.identities")
        try connection.execute("PRAGMA journal_mode = WAL; PRAGMA cache_size = -2000")
        try connection.execute("PRAGMA synchronous = FULL")
        try outbox.emptyLog()
    }

    /// What outboxd knows the copies' rows by: else it takes each for another one with a used id, and sends it beside
    /// those that are measured.
    private func noteIdentities(stride: Int64) throws {
        let connection = outbox.connection
        try connection.execute(
            "CREATE TEMP TABLE identities (id INTEGER PRIMARY KEY, identity INTEGER)")
        let rows = try connection.statement(
            "SELECT id, helpdesk_id, message_id, recipient_email FROM outbox ORDER BY id"
        ).all { (id: $0.int(0), helpdesk: $0.text(1), message: $0.text(2), recipient: $0.text(3)) }
        let insert = try connection.statement("INSERT INTO temp.identities VALUES (?, ?)")
        try connection.transaction {
            for copy in 1..<max(1, copies) {
                for row in rows {
                    let identity = RowIdentity(
                        helpdeskID: row.helpdesk,
                        messageID: TableColumns.numbered(row.message, copy),
                        recipient: TableColumns.recipient(row.recipient, copy))
                    try insert.bind(row.id + Int64(copy) * stride)
                        .bind(identity.number).run()
                }
            }
        }
    }

    private func copy(_ table: TableColumns, stride: Int64) throws {
        let connection = outbox.connection
        try connection.execute("CREATE TEMP TABLE small AS SELECT * FROM \(table.name)")
        defer { try? connection.execute("DROP TABLE temp.small") }
        try connection.transaction {
            try connection.statement(
                """
                WITH RECURSIVE copy (k) AS (
                    SELECT 1 WHERE ?1 > 1 UNION ALL SELECT k + 1 FROM copy WHERE k + 1 < ?1)
                INSERT INTO \(table.name) (\(table.columns.joined(separator: ", ")))
                SELECT \(table.copies.joined(separator: ", "))
                FROM copy CROSS JOIN temp.small t
                """
            ).bind(copies).bind(stride).run()
        }
    }
}
