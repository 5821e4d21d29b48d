import Delivery
import Store
import TestSupport
import Testing

extension StoreConformance {
    static let ordering: [StoreConformance] = [
        StoreConformance("a hundred rows make a mail, the rest waits behind it in another") { bed in
            let ids = try bed.insert(205)
            try bed.ingest(at: seconds(300))
            let first = try #require(try bed.claim(at: seconds(300)).claims.first)
            #expect(first.rowIDs == Array(ids[..<100]))
            #expect(try bed.claim(at: seconds(300)).claims.isEmpty)
            #expect(try bed.state(ids[100]) == "pending/deferred")
            try bed.finish(first, .sent, at: seconds(301))
            let second = try #require(try bed.claim(at: seconds(301)).claims.first)
            #expect(second.rowIDs == Array(ids[100..<200]) && second.mailID != first.mailID)
            try bed.finish(second, .sent, at: seconds(302))
            let third = try #require(try bed.claim(at: seconds(302)).claims.first)
            #expect(third.rowIDs == Array(ids[200...]))
        },
        StoreConformance("more rows than are read at once are all seen in the end") { bed in
            let ids = try bed.insert(Candidate.maxRows + 50)
            try bed.ingest(limit: 1_000, at: seconds(1_000))
            try bed.read(upTo: seconds(1_000))
            var skipped = 0
            for _ in 0..<3 { skipped += try bed.claim(at: seconds(1_000)).skipped.count }
            #expect(skipped == ids.count)
            #expect(try bed.nextDue() == nil)
        },
        StoreConformance("more rows than are read at once are not lost behind a mail that goes") {
            bed in
            let ids = try bed.insert(Candidate.maxRows + 50)
            try bed.ingest(limit: 1_000, at: seconds(1_000))
            var sent: [Int64] = []
            for _ in 0..<5 {
                let claim = try #require(try bed.claim(at: seconds(1_000)).claims.first)
                sent += claim.rowIDs
                try bed.finish(claim, .sent, at: seconds(1_000))
            }
            #expect(sent == ids)
        },
        StoreConformance("rows that come while a mail is under way wait for it") { bed in
            let first = try bed.insert(TestRow("m1"))
            try bed.ingest()
            let claim = try #require(try bed.claim(at: seconds(60)).claims.first)
            let second = try bed.insert(
                TestRow("m2").with { ($0.created, $0.instant) = (seconds(60), true) })
            try bed.ingest(at: seconds(60))
            #expect(try bed.claim(at: seconds(61)).claims.isEmpty)
            #expect(try bed.states([first, second]) == ["sending", "pending/deferred"])
            try bed.finish(claim, .sent, at: seconds(62))
            #expect(try bed.claim(at: seconds(62)).claims.map(\.rowIDs) == [[second]])
        },
        StoreConformance("a mail waits for an older one of the other audience that is deferred") {
            bed in
            let first = try bed.insert(TestRow("m1"))
            try bed.ingest()
            let claim = try #require(try bed.claim(at: seconds(60)).claims.first)
            try bed.finish(
                claim, .deferred(dueAt: seconds(300), expired: []), at: seconds(61), error: .later)
            let second = try bed.insert(
                TestRow("m2").with { ($0.audience, $0.created) = ("operator", seconds(62)) })
            try bed.ingest(at: seconds(62))
            #expect(try bed.claim(at: seconds(200)).claims.isEmpty)
            let again = try #require(try bed.claim(at: seconds(300)).claims.first)
            #expect(again.rowIDs == [first])
            try bed.finish(again, .failed(.rejected), at: seconds(301), error: .spam)
            #expect(try bed.claim(at: seconds(301)).claims.map(\.rowIDs) == [[second]])
        },
        StoreConformance("a mail that waits behind one that goes back again waits once more") {
            bed in
            let first = try bed.insert(TestRow("m1"))
            try bed.ingest()
            let claim = try #require(try bed.claim(at: seconds(60)).claims.first)
            let second = try bed.insert(
                TestRow("m2").with { ($0.audience, $0.created) = ("operator", epoch) })
            try bed.ingest(at: seconds(60))
            #expect(try bed.claim(at: seconds(61)).claims.isEmpty)
            try bed.finish(
                claim, .deferred(dueAt: seconds(300), expired: []), at: seconds(61), error: .later)
            #expect(try bed.claim(at: seconds(62)).claims.isEmpty)
            // The older one was read meanwhile: nobody is in the way any more.
            try bed.read(upTo: epoch)
            let batch = try bed.claim(at: seconds(300))
            #expect(batch.claims.isEmpty && batch.skipped.map(\.row) == [first])
            try bed.api("DELETE FROM read_markers")
            #expect(try bed.claim(at: seconds(301)).claims.map(\.rowIDs) == [[second]])
        },
        StoreConformance("a mail that is held as uncertain stands in nobody's way") { bed in
            let first = try bed.insert(TestRow("m1"))
            try bed.ingest()
            let claim = try #require(try bed.claim(at: seconds(60)).claims.first)
            try bed.finish(
                claim, .uncertain(dueAt: nil, frozen: .sample()), at: seconds(61), error: .silence)
            #expect(try bed.state(first) == "pending/uncertain")
            let second = try bed.insert(TestRow("m2").with { $0.created = seconds(62) })
            try bed.ingest(at: seconds(62))
            #expect(try bed.claim(at: seconds(200)).claims.map(\.rowIDs) == [[second]])
            #expect(try bed.claim(at: seconds(9_000)).claims.isEmpty)
        },
        StoreConformance("other conversations, recipients and helpdesks wait for nobody") { bed in
            try bed.insert(TestRow("m1"))
            try bed.ingest()
            #expect(try bed.claim(at: seconds(60)).claims.count == 1)
            let others = try [
                TestRow("m2").with { $0.conversation = "d" },
                TestRow("m3").with { $0.to = "bob@example.test" },
                TestRow("m4").with { $0.helpdesk = "i" },
            ].map(bed.insert)
            try bed.ingest()
            #expect(try bed.claim(at: seconds(60)).claims.flatMap(\.rowIDs).sorted() == others)
        },
    ]
}
