import Delivery
import Store
import TestSupport
import Testing

extension StoreConformance {
    static let ingesting: [StoreConformance] = [
        StoreConformance("rows are ingested by batches until none is left") { bed in
            let ids = try bed.insert(5)
            #expect(try bed.state(ids[0]) == "pending/queued")
            let first = try bed.ingest(limit: 3)
            #expect(first.rows == 3 && first.hasMore)
            let second = try bed.ingest(limit: 3)
            #expect(second.rows == 2 && !second.hasMore)
            #expect(try bed.ingest(limit: 3).rows == 0)
            #expect(try bed.claim(at: seconds(60)).claims.map(\.rowIDs) == [ids])
        },
        StoreConformance("a batch that is exactly full has nothing behind it") { bed in
            try bed.insert(3)
            let all = try bed.ingest(limit: 3)
            #expect(all.rows == 3 && !all.hasMore)
        },
        StoreConformance("one helpdesk's burst does not stand before another's row") { bed in
            for number in 1...10 { try bed.insert(1, conversation: "c\(number)") }
            #expect(try bed.ingest(limit: 3).rows == 3)
            let other = try bed.insert(TestRow("other").with { $0.helpdesk = "other" })
            #expect(try bed.ingest(limit: 3).hasMore)
            #expect(try bed.claim(at: seconds(60)).claims.map(\.rowIDs).contains([other]))
            var rounds = 0
            while try bed.store.hasNewRows(), rounds < 10 {
                try bed.ingest(limit: 3)
                rounds += 1
            }
            #expect(rounds == 2)
            #expect(try !bed.ingest(limit: 3).hasMore)
            // Behind the burst nothing is forgotten.
            let late = try bed.insert(TestRow("late").with { $0.helpdesk = "late" })
            #expect(try bed.store.hasNewRows() && bed.ingest(limit: 3).rows == 1)
            #expect(try bed.claim(at: seconds(60)).claims.map(\.rowIDs).contains([late]))
        },
        StoreConformance("in a burst each conversation keeps its order") { bed in
            var ids: [String: [Int64]] = [:]
            for number in 0..<30 {
                let helpdesk = "h\(number % 3)"
                ids[helpdesk, default: []].append(
                    try bed.insert(
                        TestRow("m\(number)").with {
                            ($0.helpdesk, $0.created) = (helpdesk, seconds(Int64(number)))
                        }))
            }
            while try bed.store.hasNewRows() { try bed.ingest(limit: 4) }
            let claims = try bed.claim(at: seconds(200)).claims
            #expect(Set(claims.map(\.rowIDs)) == Set(ids.values))
        },
        StoreConformance("of a burst that two processes ingest no row is taken twice or left") {
            bed in
            let ids = try bed.insert(20)
            let another = try bed.another()
            #expect(try bed.ingest(limit: 3).rows == 3)
            #expect(try another.ingest(limit: 5, at: epoch, rules: .usual).rows == 5)
            while try bed.store.hasNewRows() { try bed.ingest(limit: 3) }
            while try another.hasNewRows() {
                _ = try another.ingest(limit: 5, at: epoch, rules: .usual)
            }
            #expect(try bed.claim(at: seconds(200)).claims.map(\.rowIDs) == [ids])
        },
        StoreConformance("what belongs together joins one mail, what does not goes alone") { bed in
            let base = TestRow("m")
            let rows = [
                base, base.with { $0.message = "m2" }, base.with { $0.helpdesk = "other" },
                base.with { ($0.conversation, $0.message) = ("d", "m3") },
                base.with { $0.to = "bob@example.test" },
                base.with { ($0.audience, $0.message) = ("operator", "m4") },
            ]
            let ids = try rows.map(bed.insert)
            try bed.ingest()
            // Of one conversation and recipient only one mail is under way, whatever its audience.
            let claims = try bed.claim(at: seconds(60)).claims
            #expect(claims.map(\.rowIDs) == [[ids[0], ids[1]], [ids[2]], [ids[3]], [ids[4]]])
            try bed.finish(claims[0], .sent, at: seconds(61))
            #expect(try bed.claim(at: seconds(61)).claims.map(\.rowIDs) == [[ids[5]]])
        },
        StoreConformance("the hold does not slide") { bed in
            let first = try bed.insert(TestRow("m1"))
            try bed.ingest()
            let second = try bed.insert(TestRow("m2").with { $0.created = seconds(50) })
            try bed.ingest(at: seconds(50))
            #expect(try bed.dueAt(first) == seconds(60) && bed.dueAt(second) == seconds(60))
            #expect(try bed.claim(at: at(59_999)).claims.isEmpty)
            #expect(try bed.nextDue() == seconds(60))
            #expect(try bed.claim(at: seconds(60)).claims.map(\.rowIDs) == [[first, second]])
        },
        StoreConformance("an earlier reply that comes later pulls the mail forward") { bed in
            let late = try bed.insert(TestRow("m2").with { $0.created = seconds(50) })
            try bed.ingest(at: seconds(50))
            let early = try bed.insert(TestRow("m1"))
            try bed.ingest(at: seconds(51))
            // In the order of the replies, not of the rows.
            #expect(try bed.claim(at: seconds(60)).claims.map(\.rowIDs) == [[early, late]])
        },
        StoreConformance("an instant row takes the held ones with it, at once") { bed in
            let held = try bed.insert(TestRow("m1"))
            try bed.ingest()
            let instant = try bed.insert(
                TestRow("m2").with { ($0.created, $0.instant) = (seconds(5), true) })
            try bed.ingest(at: seconds(5))
            #expect(try bed.nextDue() == seconds(5))
            #expect(try bed.claim(at: seconds(5)).claims.map(\.rowIDs) == [[held, instant]])
        },
        StoreConformance("two spellings of one address are one notification") { bed in
            let first = try bed.insert(TestRow("m").with { $0.to = "Änn@Example.test" })
            let second = try bed.insert(TestRow("m").with { $0.to = " änn@EXAMPLE.test " })
            try bed.ingest()
            let claim = try #require(try bed.claim(at: seconds(60)).claims.first)
            #expect(claim.rowIDs == [first, second] && claim.key.recipient == "änn@example.test")
            try bed.finish(claim, .sent, at: seconds(61))
            // A third spelling that comes after the mail went is told what became of it.
            let third = try bed.insert(TestRow("m").with { $0.to = "ÄNN@example.test" })
            try bed.ingest(at: seconds(70))
            #expect(try bed.states([first, second, third]) == ["sent", "sent", "sent"])
            #expect(
                try bed.status("sent_at", third) == bed.status("sent_at", first)
                    && bed.status("email_message_id", third) == claim.emailMessageID)
            #expect(try bed.claim(at: seconds(1_000)).claims.isEmpty)
        },
        StoreConformance("another spelling that comes while the mail is under way goes with it") {
            bed in
            let first = try bed.insert(TestRow("m"))
            try bed.ingest()
            let claim = try #require(try bed.claim(at: seconds(60)).claims.first)
            let second = try bed.insert(TestRow("m").with { $0.to = "ANN@example.test" })
            try bed.ingest(at: seconds(61))
            try bed.finish(claim, .sent, at: seconds(62))
            #expect(try bed.states([first, second]) == ["sent", "sent"])
        },
        StoreConformance("another spelling of a row that was taken back is looked at by itself") {
            bed in
            let first = try bed.insert(TestRow("m"))
            try bed.ingest()
            try bed.cancel(first)
            _ = try bed.claim(at: seconds(60))
            #expect(try bed.state(first) == "skipped/cancelled")
            let second = try bed.insert(TestRow("m").with { $0.to = "ANN@example.test" })
            try bed.ingest(at: seconds(61))
            #expect(try bed.claim(at: seconds(61)).claims.map(\.rowIDs) == [[second]])
        },
        StoreConformance("a row that can't be sent fails at once, and stands in nobody's way") {
            bed in
            let bad = try bed.insert(TestRow("m1").with { $0.to = "not-an-address" })
            let good = try bed.insert(TestRow("m2"))
            let taken = try bed.ingest()
            #expect(taken.rows == 2 && taken.faulty.map(\.id) == [bad])
            #expect(taken.faulty.first?.reason == .invalidAddress)
            #expect(try bed.state(bad) == "failed/invalid_address")
            #expect(try bed.status("last_error", bad).contains("recipient_email: no @"))
            #expect(try bed.claim(at: seconds(60)).claims.map(\.rowIDs) == [[good]])
        },
        StoreConformance("rows with ids below the newest one are found as late inserts") { bed in
            let newest = try bed.insert(TestRow("m1").with { $0.id = 100 })
            try bed.ingest()
            let late = try bed.insert(TestRow("m2").with { $0.id = 7 })
            #expect(try bed.ingest().rows == 0)
            let found = try bed.store.findLateInserts(from: nil, limit: 10) { true }
            #expect(found == LateInserts(ids: [late], position: nil))
            #expect(
                try bed.store.ingestLate(LateInserts(ids: [late]), at: epoch, rules: .usual).rows
                    == 1)
            // Another process may have found it too.
            #expect(
                try bed.store.ingestLate(LateInserts(ids: [late]), at: epoch, rules: .usual).rows
                    == 0)
            #expect(try bed.store.findLateInserts(from: nil, limit: 10) { true }.ids.isEmpty)
            #expect(try bed.claim(at: seconds(60)).claims.map(\.rowIDs) == [[late, newest]])
        },
        StoreConformance("a transaction that fails leaves nothing ingested, and nothing lost") {
            bed in
            struct Stop: Error {}
            let ids = try bed.insert(2)
            #expect(throws: Stop.self) {
                try bed.store.inTransaction {
                    #expect(try bed.ingest().rows == 2)
                    throw Stop()
                }
            }
            #expect(try bed.nextDue() == nil)
            #expect(try bed.ingest().rows == 2)
            #expect(try bed.claim(at: seconds(60)).claims.map(\.rowIDs) == [ids])
        },
        StoreConformance("two processes take each row in once") { bed in
            let other = try bed.another()
            try bed.insert(3)
            #expect(try other.ingest(limit: 2, at: epoch, rules: .usual).rows == 2)
            #expect(try bed.ingest().rows == 1)
            try bed.insert(1, conversation: "d")
            #expect(try bed.ingest().rows == 1)
            #expect(try other.ingest(limit: 2, at: epoch, rules: .usual).rows == 0)
        },
        StoreConformance("the commits of others are noticed, our own are not") { bed in
            _ = try bed.store.othersHaveCommitted()
            #expect(try !bed.store.othersHaveCommitted())
            try bed.insert(1)
            #expect(try bed.store.othersHaveCommitted())
            #expect(try !bed.store.othersHaveCommitted())
            try bed.ingest()
            #expect(try !bed.store.othersHaveCommitted())
        },
        StoreConformance("a reply that comes while a mail is deferred joins it and hastens nothing")
        {
            bed in
            let first = try bed.insert(TestRow("m1"))
            try bed.ingest()
            let claim = try #require(try bed.claim(at: seconds(60)).claims.first)
            try bed.finish(
                claim, .deferred(dueAt: seconds(300), expired: []), at: seconds(61), error: .later)
            let second = try bed.insert(
                TestRow("m2").with { ($0.created, $0.instant) = (seconds(70), true) })
            try bed.ingest(at: seconds(70))
            #expect(try bed.claim(at: seconds(299)).claims.isEmpty)
            #expect(try bed.claim(at: seconds(300)).claims.map(\.rowIDs) == [[first, second]])
        },
    ]
}
