import Delivery
import SQLite
@testable import Store
import TestSupport
import Testing

/// `list` finds what a look at every row finds, by whichever way it goes: through blocks and row by row, or by the
/// indexes of few rows.
struct ListedRowsTests {
    private typealias Filter = OutboxView.Filter

    /// Every state and every reason; alone, and with what else can be asked for.
    private static func filters(_ outbox: Outbox) -> [Filter] {
        var filters = RowState.allCases.map { Filter(states: [$0]) }
        filters += Filter.knownReasons.map { Filter(reasons: [$0]) }
        filters += [
            Filter(states: [.pending, .sending]), Filter(states: [.sent, .pending]),
            Filter(states: Set(RowState.allCases)), Filter(reasons: ["paused", "rejected"]),
            Filter(reasons: ["hold", "queued"]), Filter(reasons: ["deferred", "sender", "read"]),
            Filter(states: [.failed], reasons: ["read"]), Filter(helpdeskID: "nobody's"),
        ]
        let narrower: [(inout Filter) -> Void] = [
            { $0.helpdeskID = "h2" }, { $0.conversationID = "c1" },
            { $0.recipient = " Ann@example.test" }, { $0.domain = "example.test" },
            { $0.error = "450 BUSY" }, { $0.error = "no such function" }, { $0.error = "ß" },
            { $0.since = outbox.now - .seconds(3_600) },
            { $0.until = outbox.now - .seconds(7_200) },
        ]
        return filters
            + filters.enumerated().flatMap { number, filter in
                // Each with two, so that all come about with all kinds.
                [number % narrower.count, (number * 4 + 1) % narrower.count].map { index in
                    var filter = filter
                    narrower[index](&filter)
                    return filter
                }
            }
            + narrower.map { narrow in
                var filter = Filter()
                narrow(&filter)
                return filter
            }
    }

    private static func isListed(_ row: OutboxView.Row, _ filter: Filter) -> Bool {
        let error = row.lastError?.line.lowercased()
        let conditions: [Bool?] = [
            filter.states.isEmpty ? nil : filter.states.contains(row.state),
            filter.reasons.isEmpty ? nil : filter.reasons.contains(row.reason ?? ""),
            filter.helpdeskID.map { $0 == row.helpdeskID },
            filter.conversationID.map { $0 == row.conversationID },
            filter.recipient.map {
                AddressText.normalized($0) == AddressText.normalized(row.recipientEmail)
            },
            filter.domain.map { row.recipientEmail.lowercased().hasSuffix("@\($0)") },
            filter.error.map { error?.contains($0.lowercased()) == true },
            filter.since.map { row.createdAt >= $0 }, filter.until.map { row.createdAt <= $0 },
        ]
        return conditions.allSatisfy { $0 ?? true }
    }

    /// About four rows in each block.
    private func outbox(_ seed: UInt64) throws -> Outbox {
        let outbox = try Outbox()
        try Population(seed: seed).fill(outbox)
        for table in ["outbox", "outboxd_rows"] {
            try outbox.connection.execute("UPDATE \(table) SET id = -id * 1000")
            try outbox.connection.execute("UPDATE \(table) SET id = -id")
        }
        return outbox
    }

    @Test(arguments: 0..<8, [0, 30, 20_000])
    func `a list is what a look at every row gives, page by page`(seed: UInt64, few: Int) throws {
        let outbox = try outbox(seed)
        let all = try outbox.reader.list(.init(), limit: .max, at: outbox.now)
        for isWrittenDown in [false, true] {
            if isWrittenDown { while try !outbox.store.recordBlocks() {} }
            for filter in Self.filters(outbox) {
                var reader = outbox.reader
                reader.few = few
                let expected = all.filter { Self.isListed($0, filter) }.map(\.id)
                let size = expected.count / 3 + 1
                var position = try reader.start()
                var found: [Int64] = []
                while found.count <= expected.count {
                    let page = try reader.list(filter, limit: size, from: position, at: outbox.now)
                    found += page.map(\.id)
                    guard page.count == size, let last = page.last else { break }
                    position = position.after(last)
                }
                #expect(found == expected, "\(isWrittenDown) \(filter)")
            }
        }
        #expect(
            try outbox.connection.statement("SELECT count(*) FROM outboxd_blocks")
                .first { $0.int(0) > 20 } == true)
    }
}
