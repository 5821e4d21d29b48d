import Delivery
import Store
import TestSupport
import Testing

extension StoreBed {
    /// Rows of so many conversations in turn, a second apart: the first of each, then the second of each.
    ///
    /// - Returns: the ids of each conversation.
    fileprivate func scatter(_ count: Int, over conversations: Int) throws -> [[Int64]] {
        var ids: [[Int64]] = Array(repeating: [], count: conversations)
        for number in 0..<count * conversations {
            let conversation = number % conversations
            ids[conversation].append(
                try insert(
                    TestRow("m\(number)").with {
                        $0.conversation = "c\(conversation)"
                        $0.created = seconds(Int64(number))
                    }))
        }
        return ids
    }
}

/// More rows than a batch of ingest holds.
extension StoreConformance {
    static let bursts: [StoreConformance] = [
        StoreConformance("what belongs together comes in one batch, however far apart it stands") {
            bed in
            let ids = try bed.scatter(5, over: 8)
            for round in 0..<8 {
                #expect(try bed.ingest(limit: 5).rows == 5)
                let claims = try bed.claim(at: seconds(1_000)).claims
                #expect(claims.map(\.rowIDs) == [ids[round]])
            }
            #expect(try !bed.store.hasNewRows())
        },
        StoreConformance("a conversation that a batch has no room for goes on in its order") {
            bed in
            let ids = try bed.scatter(7, over: 2)
            var taken = 0
            while try bed.store.hasNewRows() {
                let rows = try bed.ingest(limit: 3).rows
                #expect(rows <= 3)
                taken += rows
            }
            #expect(taken == 14)
            #expect(
                Set(try bed.claim(at: seconds(1_000)).claims.map(\.rowIDs)) == Set(ids))
        },
        StoreConformance("of one conversation no more come at once than a mail holds") { bed in
            let ids = try bed.insert(250)
            let other = try bed.insert(TestRow("other").with { $0.helpdesk = "other" })
            #expect(try bed.ingest(limit: 110).rows == 110)
            #expect(
                Set(try bed.claim(at: seconds(1_000)).claims.map(\.rowIDs))
                    == [[other], Array(ids[..<100])])
        },
        StoreConformance("an instant row is seen as it comes, and not when it is ingested") { bed in
            #expect(try !bed.store.hasNewInstantRow())
            try bed.insert(2)
            #expect(try !bed.store.hasNewInstantRow())
            try bed.insert(TestRow("now").with { $0.instant = true })
            #expect(try bed.store.hasNewInstantRow())
            try bed.ingest()
            #expect(try !bed.store.hasNewInstantRow())
        },
        StoreConformance("an instant row is seen behind a burst that is known") { bed in
            for number in 1...10 { try bed.insert(1, conversation: "c\(number)") }
            #expect(try bed.ingest(limit: 3).hasMore)
            #expect(try !bed.store.hasNewInstantRow())
            try bed.insert(
                TestRow("now").with { ($0.helpdesk, $0.instant) = ("other", true) })
            #expect(try bed.store.hasNewInstantRow())
            try bed.ingest(limit: 3)
            #expect(try !bed.store.hasNewInstantRow())
        },
        StoreConformance("of a burst that rows are deleted of nothing is lost") { bed in
            let ids = try bed.scatter(3, over: 4)
            #expect(try bed.ingest(limit: 3).rows == 3)
            try bed.delete(ids[2][0])
            try bed.delete(ids[3][2])
            while try bed.store.hasNewRows() { try bed.ingest(limit: 3) }
            let left = [ids[0], ids[1], Array(ids[2][1...]), Array(ids[3][..<2])]
            #expect(Set(try bed.claim(at: seconds(1_000)).claims.map(\.rowIDs)) == Set(left))
        },
    ]
}
