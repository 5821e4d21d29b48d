import Delivery
import SQLite
import TestSupport
import Testing

@testable import Store

/// What stands in `outboxd_blocks` is never less than what stands in the rows.
struct BlockSummaryTests {
    /// Writes down the first block before each transaction, and compares it after.
    private final class Witness {
        private var store: SQLiteStore?
        private(set) var compared = 0
        private(set) var deleted = 0

        func look(_ point: CommitPoint, path: String) throws {
            let store = try self.store ?? SQLiteStore(connection: Database.open(path: path))
            self.store = store
            switch point {
            case .begins: try write(try store.summary(of: 0), store.connection)
            case .before: break
            case .after: try compare(with: try store.summary(of: 0), store.connection)
            }
        }

        private func write(_ summary: BlockSummary, _ connection: Connection) throws {
            try connection.statement("INSERT OR REPLACE INTO outboxd_blocks VALUES (0, ?, ?, ?)")
                .bind(summary.statesText).bind(summary.linesText).bind(summary.hasTried).run()
        }

        private func compare(with summary: BlockSummary, _ connection: Connection) throws {
            let written = try connection.statement(
                "SELECT states, lines, has_tried FROM outboxd_blocks WHERE block = 0"
            ).first { (states: $0.text(0), lines: $0.optionalText(1), hasTried: $0.bool(2)) }
            guard let written else { return deleted += 1 }
            compared += 1
            let missing = summary.states.filter { !written.states.contains(",\($0),") }
            #expect(missing.isEmpty, "\(missing)")
            if let lines = written.lines {
                let known = Set(lines.dropFirst().dropLast().split(separator: ",").map(String.init))
                #expect(known.isSuperset(of: summary.lines.map(String.init)), "lines")
            }
            #expect(written.hasTried || !summary.hasTried, "tried")
        }
    }

    @Test func `whatever changes a row deletes what is known of its block`() throws {
        var (compared, deleted) = (0, 0)
        // The witness's own commits are no news.
        let others = StoreConformance.all.filter { !$0.name.hasPrefix("the commits of others") }
        for one in others + MailLifeTests.others {
            let witness = Witness()
            try one.run(SQLiteBed { try witness.look($0, path: $1) })
            compared += witness.compared
            deleted += witness.deleted
        }
        // Neither is everything deleted.
        #expect(compared > 100 && deleted > 100, "\(compared) and \(deleted)")
    }

    // MARK: Writing down

    private func records(_ bed: SQLiteBed) throws -> [String] {
        try bed.server.texts(
            """
            SELECT block || ' ' || states || ' ' || lines || ' ' || has_tried FROM outboxd_blocks
            ORDER BY block
            """)
    }

    /// One row in each block.
    private func bed() throws -> SQLiteBed {
        let bed = try SQLiteBed()
        for number in 1...6 {
            try bed.insert(
                TestRow("m\(number)").with {
                    $0.id = Int64(number) << RowBlock.bits
                    $0.conversation = "c\(number)"
                })
        }
        try bed.ingest()
        for claim in try bed.claim(at: seconds(60), limit: 3).claims {
            switch claim.rowIDs[0] >> RowBlock.bits {
            case 1: try bed.finish(claim, .sent, at: seconds(61))
            case 2:
                try bed.finish(claim, .failed(.rejected), at: seconds(61), error: .noSuchMailbox)
            default:
                try bed.finish(
                    claim, .deferred(dueAt: seconds(600), expired: []), at: seconds(61),
                    error: .later)
            }
        }
        return bed
    }

    @Test func `a pass writes down every block but the newest`() throws {
        let bed = try bed()
        while try !bed.sqlite.recordBlocks() {}
        let all = [
            "1 ,sent:, [] 0", "2 ,error,failed:rejected, [] 0", "3 ,error,pending:, [1] 1",
            "4 ,pending:, [1] 0", "5 ,pending:, [1] 0",
        ]
        #expect(try records(bed) == all)
        // What is known is not looked at again.
        let writes = bed.sqlite.changeCount
        while try !bed.sqlite.recordBlocks() {}
        #expect(bed.sqlite.changeCount == writes)
        // Blocks of which nothing is left are forgotten.
        try bed.api("DELETE FROM outboxd_rows WHERE id < 10000")
        while try !bed.sqlite.recordBlocks() {}
        #expect(try records(bed) == Array(all[2...]))
    }

    @Test func `a step looks at few blocks, and the upkeep lets time pass between two`() throws {
        let bed = try bed()
        func upkeep(_ milliseconds: Int64, isBusy: Bool = false) throws -> Int {
            _ = try bed.sqlite.maintain(
                isBusy: isBusy, isShared: true,
                at: SteadyTime(nanoseconds: 0) + .milliseconds(milliseconds))
            return try records(bed).count
        }
        #expect(try upkeep(0) == 1)
        #expect(try upkeep(199) == 1)
        #expect(try upkeep(200, isBusy: true) == 2)
        #expect(try upkeep(1_199, isBusy: true) == 2)
        // From here on open rows are among them.
        #expect(try upkeep(1_200) == 3)
        #expect(try upkeep(4_199) == 3)
        #expect(try upkeep(4_200) == 4)
        #expect(try upkeep(7_200) == 5)
        try bed.api("DELETE FROM outboxd_blocks WHERE block = 2")
        // The pass is through.
        #expect(try upkeep(10_200) == 4)
        #expect(try upkeep(70_199) == 4)
        #expect(try upkeep(70_200) == 5)
    }
}
