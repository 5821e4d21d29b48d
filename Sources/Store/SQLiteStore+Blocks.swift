internal import Delivery
internal import SQLite

/// Where a pass over all blocks has come to.
struct BlockPass {
    /// Written down in a step, which takes some two milliseconds; known already.
    static let most = (looks: 1, known: 100)
    /// After a step, after one while mails are under way, after a long one, and after the last of a pass.
    static let pauses = (
        step: Duration.milliseconds(200), busy: Duration.seconds(1), long: Duration.seconds(3),
        pass: Duration.seconds(60)
    )

    /// The next block is the first one from here on.
    var next = Int64.min
    /// In the last step open rows were among those looked at: with their mails that takes some ten milliseconds.
    var sawOpen = false
    /// When the next step is.
    var again = SteadyTime(nanoseconds: 0)
}

/// Writes down what stands in blocks of rows; see ``BlocksMigration``.
///
/// The newest block is left out: rows come into it.
extension SQLiteStore {
    /// A step where it is time for one.
    ///
    /// - Parameter isBusy: Mails are under way: they go first.
    /// - Returns: whether anything was written.
    func recordBlocks(isBusy: Bool, at now: SteadyTime) throws -> Bool {
        guard now >= blockPass.again else { return false }
        let before = connection.changeCount
        blockPass.sawOpen = false
        let isThrough = try recordBlocks()
        let pauses = BlockPass.pauses
        let pause = blockPass.sawOpen ? pauses.long : isBusy ? pauses.busy : pauses.step
        blockPass.again = now + (isThrough ? pauses.pass : pause)
        return connection.changeCount != before
    }

    /// - Returns: whether the pass is through; then the next one begins.
    func recordBlocks() throws -> Bool {
        guard let newest = try block("SELECT max(id) FROM outboxd_rows WHERE id >= ?", .min) else {
            return true
        }
        if blockPass.next == .min { try forgetPrunedBlocks() }
        var left = BlockPass.most
        while left.looks > 0, left.known > 0 {
            let first = try block("SELECT min(id) FROM outboxd_rows WHERE id >= ?", blockPass.next)
            guard let first, first < newest else {
                blockPass.next = .min
                return true
            }
            blockPass.next = RowBlock.ids(first).upperBound + 1
            if try isKnown(first) {
                left.known -= 1
            } else {
                left.looks -= 1
                try record(first)
            }
        }
        return false
    }

    private func block(_ sql: String, _ from: Int64) throws -> Int64? {
        try connection.statement(sql).bind(from).first { $0.optionalInt(0).map(RowBlock.of) } ?? nil
    }

    private func isKnown(_ block: Int64) throws -> Bool {
        try connection.statement("SELECT 1 FROM outboxd_blocks WHERE block = ?").bind(block)
            .first { _ in true } ?? false
    }

    private func record(_ block: Int64) throws {
        try inTransaction {
            let summary = try summary(of: block)
            try connection.statement(
                """
                INSERT OR REPLACE INTO outboxd_blocks (block, states, lines, has_tried)
                VALUES (?, ?, ?, ?)
                """
            ).bind(block).bind(summary.statesText).bind(summary.linesText)
                .bind(summary.hasTried).run()
        }
    }

    func summary(of block: Int64) throws -> BlockSummary {
        let ids = RowBlock.ids(block)
        var summary = BlockSummary()
        let states = try connection.statement(
            """
            SELECT DISTINCT state, reason, error_text IS NOT NULL FROM outboxd_rows
            WHERE id BETWEEN ? AND ?
            """
        ).bind(ids.lowerBound).bind(ids.upperBound)
        defer { states.reset() }
        var isOpen = false
        while try states.step() {
            guard let state = RowState(rawValue: states.int(0)) else { continue }
            summary.insert(state, reason: states.optionalText(1), hasError: states.bool(2))
            isOpen = isOpen || state == .pending
        }
        if isOpen {
            blockPass.sawOpen = true
            try addOpen(of: ids, to: &summary)
        }
        return summary
    }

    private func addOpen(of ids: ClosedRange<Int64>, to summary: inout BlockSummary) throws {
        let mails = try connection.statement(
            """
            SELECT DISTINCT m.line, \(BlockSummary.isTried)
            FROM outboxd_rows r CROSS JOIN outboxd_mails m ON m.id = r.mail_id
            WHERE r.id BETWEEN ? AND ? AND r.state = \(row: .pending)
            """
        ).bind(ids.lowerBound).bind(ids.upperBound)
        defer { mails.reset() }
        while try mails.step() {
            summary.lines.insert(mails.int(0))
            summary.hasTried = summary.hasTried || mails.bool(1)
        }
    }

    /// Nothing is left of them.
    private func forgetPrunedBlocks() throws {
        let pruned = """
            FROM outboxd_blocks
            WHERE block < (SELECT min(id) FROM outboxd_rows) >> \(RowBlock.bits)
            """
        guard try connection.statement("SELECT 1 \(pruned) LIMIT 1").first({ _ in true }) == true
        else { return }
        try inTransaction { try connection.statement("DELETE \(pruned)").run() }
    }
}
