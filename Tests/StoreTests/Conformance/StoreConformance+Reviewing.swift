import Delivery
import Store
import TestSupport
import Testing

extension StoreConformance {
    static let reviewing: [StoreConformance] = [
        StoreConformance("what is read while it is deferred is skipped without a claim") { bed in
            let (claim, ids) = try bed.claimOne()
            try bed.finish(
                claim, .deferred(dueAt: seconds(900), expired: []), at: seconds(61), error: .later)
            try bed.read(upTo: seconds(1))
            let reviewed = try bed.review(at: seconds(62))
            #expect(reviewed.skipped.map(\.row) == ids && reviewed.position == nil)
            #expect(try bed.state(ids[0]) == "skipped/read")
            #expect(try bed.nextDue() == nil)
        },
        StoreConformance("a held row is not decided before its time") { bed in
            let ids = try bed.insert(1)
            try bed.ingest()
            try bed.cancel(ids[0])
            #expect(try bed.review(at: seconds(10)).skipped.isEmpty)
            // The undo was undone.
            try bed.api("UPDATE outbox SET cancelled_at = NULL")
            #expect(try bed.claim(at: seconds(60)).claims.map(\.rowIDs) == [ids])
        },
        StoreConformance("a held row that becomes instant goes at once") { bed in
            let ids = try bed.insert(1)
            try bed.ingest()
            try bed.api("UPDATE outbox SET instant = 1")
            #expect(try bed.review(at: seconds(5)).released == 1)
            #expect(try bed.nextDue() == seconds(5))
            #expect(try bed.claim(at: seconds(5)).claims.map(\.rowIDs) == [ids])
        },
        StoreConformance("a look at the parked lines alone looks at no mail") { bed in
            try bed.api(
                """
                INSERT INTO helpdesks (id, name, from_address, paused) VALUES ('h', 'A', 'a@b.test', 1)
                """)
            try bed.insert(1)
            try bed.insert(1, conversation: "other")
            try bed.ingest()
            #expect(try bed.claim(at: seconds(60)).claims.isEmpty)
            try bed.api("UPDATE helpdesks SET paused = 0")
            try bed.api("UPDATE outbox SET cancelled_at = 1 WHERE conversation_id = 'other'")
            var request = ReviewRequest(now: seconds(61), limit: 100)
            request.onlyParkedLines = true
            let reviewed = try bed.store.review(
                request, goesOn: { true }, decide: RealRules(at: seconds(61)).review)
            #expect(reviewed.released == 1 && reviewed.skipped.isEmpty && reviewed.position == nil)
            #expect(try bed.claim(at: seconds(61)).claims.count == 1)
        },
        StoreConformance("a review goes on from where it ended, to the end") { bed in
            for number in 1...7 { try bed.insert(1, conversation: "c\(number)") }
            try bed.ingest()
            try bed.api("UPDATE outbox SET instant = 1")
            var position: ReviewPosition?
            var released: [Int] = []
            repeat {
                let reviewed = try bed.review(at: seconds(5), limit: 3, after: position)
                released.append(reviewed.released)
                position = reviewed.position
            } while position != nil && released.count < 10
            #expect(released.reduce(0, +) == 7)
            #expect(try bed.claim(at: seconds(5)).claims.count == 7)
        },
        StoreConformance("a review that is broken off goes on from there, and gets on each time") {
            bed in
            for number in 1...60 { try bed.insert(1, conversation: "c\(number)") }
            try bed.ingest()
            try bed.api("UPDATE outbox SET instant = 1")
            var position: ReviewPosition?
            var released: [Int] = []
            repeat {
                let reviewed = try bed.review(at: seconds(5), after: position) { false }
                released.append(reviewed.released)
                position = reviewed.position
            } while position != nil && released.count < 100
            #expect(released.reduce(0, +) == 60 && released.allSatisfy { $0 <= 4 })
            #expect(try bed.claim(at: seconds(5)).claims.count == 60)
        },
        StoreConformance("mail under way, and mail held as uncertain, is left alone") { bed in
            let (claim, ids) = try bed.claimOne()
            try bed.read(upTo: seconds(1))
            #expect(try bed.review(at: seconds(61)).skipped.isEmpty)
            try bed.finish(
                claim, .uncertain(dueAt: nil, frozen: .sample()), at: seconds(62), error: .silence)
            #expect(try bed.review(at: seconds(63)).skipped.isEmpty)
            #expect(try bed.state(ids[0]) == "pending/uncertain")
        },
        StoreConformance("mail that waits behind another is reviewed too") { bed in
            _ = try bed.claimOne()
            let later = try bed.insert(
                TestRow("later").with { ($0.created, $0.instant) = (seconds(60), true) })
            try bed.ingest(at: seconds(60))
            #expect(try bed.claim(at: seconds(61)).claims.isEmpty)
            try bed.cancel(later)
            #expect(try bed.review(at: seconds(62)).skipped.map(\.row) == [later])
        },
        StoreConformance("a waiting mail whose rows were all deleted is finished") { bed in
            try bed.api("INSERT INTO helpdesks (id, name, from_address) VALUES ('h', 'H', '')")
            let ids = try bed.insert(1)
            try bed.ingest()
            #expect(try bed.claim(at: seconds(60)).claims.isEmpty)
            try bed.delete(ids[0])
            try bed.review(at: seconds(61))
            try bed.api("UPDATE helpdesks SET from_address = 'h@acme.test'")
            #expect(try bed.review(at: seconds(62)).released == 0)
            #expect(try bed.nextDue() == nil)
        },
    ]
}
