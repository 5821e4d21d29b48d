import Delivery
import SQLite
@testable import Store
import TestSupport
import Testing

/// Bursts and instant rows in any order, from seeds: what is read, ingested, rolled back and left by a process that
/// ends, a few rows at a time.
extension OvertakingTests {
    /// A run of one seed.
    private struct Run {
        let bed: SQLiteBed
        var store: SQLiteStore
        var random: SplitMix64
        var inserted = 0

        init(seed: UInt64) throws {
            bed = try SQLiteBed()
            random = SplitMix64(seed: seed)
            store = try bed.anotherSQLite()
            store.lookAheadStep = pick([1, 2, 5])
        }

        private mutating func pick(_ values: [Int]) -> Int {
            values[Int.random(in: 0..<values.count, using: &random)]
        }

        private mutating func insert(_ count: Int, instantIn: Int) throws {
            let helpdesk = pick([0, 1, 2, 3])
            try bed.server.transaction {
                for _ in 0..<count {
                    inserted += 1
                    let conversation = pick([0, 1, 2, 3, 4, 5, 6, 7])
                    let isInstant = Int.random(in: 0..<instantIn, using: &random) == 0
                    try bed.insert(
                        TestRow("m\(inserted)").with {
                            $0.helpdesk = "h\(helpdesk)"
                            $0.conversation = "c\(conversation)"
                            $0.instant = isInstant
                        })
                }
            }
        }

        /// - Returns: false where nothing is left to do.
        mutating func step(goesOn: Bool) throws -> Bool {
            switch pick([0, 1, 2, 3, 4, 5, 6, 7]) {
            case 0 where goesOn: try insert(pick([5, 30]), instantIn: 20)
            case 1 where goesOn, 2 where goesOn: try insert(1, instantIn: 1)
            case 3:
                var looks = pick([0, 1, 3])
                try store.lookAhead {
                    looks -= 1
                    return looks >= 0
                }
            case 4:
                guard pick([0, 1, 2]) == 0 else { break }
                store = try bed.anotherSQLite()
                store.lookAheadStep = pick([1, 2, 5])
            case 5: try rollBack()
            default: try ingest()
            }
            return try store.hasNewRows()
        }

        private mutating func ingest() throws {
            let limit = pick([1, 3, 8])
            _ = try store.ingest(limit: limit, at: epoch, rules: .usual)
            // None is left out that is older than another of its conversation.
            let overtaken = try bed.api(
                """
                SELECT p.id FROM outbox p JOIN outbox o ON o.helpdesk_id = p.helpdesk_id
                    AND o.conversation_id = p.conversation_id AND o.id > p.id
                WHERE NOT EXISTS (SELECT 1 FROM outboxd_rows r WHERE r.id = p.id)
                    AND EXISTS (SELECT 1 FROM outboxd_rows r WHERE r.id = o.id)
                """)
            #expect(overtaken.isEmpty)
        }

        private mutating func rollBack() throws {
            struct Cancelled: Error {}
            let limit = pick([1, 3, 8])
            #expect(throws: Cancelled.self) {
                try store.inTransaction {
                    _ = try store.ingest(limit: limit, at: epoch, rules: .usual)
                    throw Cancelled()
                }
            }
        }
    }

    @Test(arguments: 1...60)
    func `in any order nothing is lost, and each conversation keeps its order`(seed: Int) throws {
        var run = try Run(seed: UInt64(seed))
        for _ in 0..<80 { _ = try run.step(goesOn: true) }
        var left = 4_000
        while left > 0, try run.step(goesOn: false) { left -= 1 }
        #expect(left > 0)
        #expect(try run.bed.api("SELECT count(*) FROM outboxd_rows") == ["\(run.inserted)"])
        // Where a process has ended, its burst is over when the next row has come.
        try run.bed.insert(TestRow("last").with { $0.helpdesk = "last" })
        while try run.store.hasNewRows() {
            _ = try run.store.ingest(limit: 8, at: epoch, rules: .usual)
        }
        let marks = try run.bed.api("SELECT value FROM outboxd_meta WHERE key = 'ingested_to'")
        #expect(marks.isEmpty)
    }
}
