import Delivery
import Store
import TestSupport
import Testing

extension StoreBed {
    /// Ingest and claim in one transaction, as a round of the engine.
    func takeIn(
        _ limit: Int = 500, wanted: Int = 100, at now: WallTime,
        _ change: (inout ClaimRequest) -> Void = { _ in }
    ) throws -> ClaimedBatch {
        try store.inTransaction {
            _ = try store.ingest(limit: limit, wanted: wanted, at: now, rules: .usual)
            return try claim(at: now, limit: wanted, change)
        }
    }

    /// A row of its own conversation and recipient.
    func insertOne(
        _ name: String, _ change: (inout TestRow) -> Void = { _ in }
    ) throws -> Int64 {
        try insert(
            TestRow(name).with {
                ($0.conversation, $0.to) = (name, "\(name)@example.test")
                change(&$0)
            })
    }
}

/// Mails that are claimed by the transaction that took them in.
extension StoreConformance {
    static let atOnce: [StoreConformance] = [
        StoreConformance("what is due goes at once, and its story is the usual one") { bed in
            let ids = try (1...3).map { try bed.insertOne("p\($0)") }
            let held = try bed.insertOne("later") { $0.created = seconds(50) }
            let claims = try bed.takeIn(at: seconds(60)).claims
            #expect(claims.map(\.rowIDs) == ids.map { [$0] })
            #expect(
                try bed.states(ids + [held]) == ["sending", "sending", "sending", "pending/queued"])
            let claim = try #require(claims.first)
            #expect(claim.rows[0].dueAt == seconds(60) && claim.dueAt == seconds(60))
            #expect(claim.rows[0].bodyText == "Hello" && !claim.wasClaimed)
            try bed.finish(claim, .sent, at: seconds(61))
            #expect(
                try bed.status("state || attempts || (email_message_id IS NOT NULL)", ids[0])
                    == "sent11")
            #expect(try bed.claim(at: seconds(110)).claims.map(\.rowIDs) == [[held]])
        },
        StoreConformance("those that there is no room for wait in line, in their order") { bed in
            let ids = try (1...5).map { try bed.insertOne("p\($0)") }
            #expect(
                try bed.takeIn(wanted: 2, at: seconds(60)).claims.map(\.rowIDs) == [
                    [ids[0]], [ids[1]],
                ])
            #expect(
                try bed.states(Array(ids[2...])) == Array(repeating: "pending/queued", count: 3))
            let new = try bed.insertOne("new") { $0.created = at(1) }
            let next = try bed.takeIn(wanted: 10, at: seconds(61)).claims
            #expect(next.map(\.rowIDs) == (Array(ids[2...]) + [new]).map { [$0] })
        },
        StoreConformance("what has been due for longer goes first, be it new or not") { bed in
            let waiting = try bed.insertOne("waiting") { $0.created = seconds(10) }
            try bed.ingest()
            let new = try bed.insertOne("new")
            let claims = try bed.takeIn(at: seconds(80)).claims
            #expect(claims.map(\.rowIDs) == [[new], [waiting]])
        },
        StoreConformance("rows of one conversation that come together go in one mail") { bed in
            let first = try bed.insert(TestRow("m1"))
            let other = try bed.insertOne("other")
            let second = try bed.insert(TestRow("m2").with { $0.created = seconds(1) })
            let claims = try bed.takeIn(at: seconds(61)).claims
            #expect(Set(claims.map(\.rowIDs)) == [[first, second], [other]])
        },
        StoreConformance("rows of both audiences of a conversation keep their order") { bed in
            let first = try bed.insert(TestRow("m1"))
            let second = try bed.insert(
                TestRow("m2").with { ($0.audience, $0.created) = ("operator", seconds(1)) })
            let claim = try #require(try bed.takeIn(at: seconds(61)).claims.first)
            #expect(claim.rowIDs == [first])
            #expect(try bed.state(second) == "pending/deferred")
            try bed.finish(claim, .sent, at: seconds(62))
            #expect(try bed.claim(at: seconds(62)).claims.map(\.rowIDs) == [[second]])
        },
        StoreConformance("the same reply to another spelling of the address goes once") { bed in
            let first = try bed.insertOne("one")
            let second = try bed.insertOne("one") { $0.to = "ONE@example.test" }
            let claims = try bed.takeIn(at: seconds(60)).claims
            #expect(claims.map(\.rowIDs) == [[first, second]])
        },
        StoreConformance("a reply behind one that is under way waits for it") { bed in
            let first = try bed.insert(TestRow("m1"))
            let claim = try #require(try bed.takeIn(at: seconds(60)).claims.first)
            let second = try bed.insert(TestRow("m2").with { $0.instant = true })
            #expect(try bed.takeIn(at: seconds(61)).claims.isEmpty)
            try bed.finish(claim, .sent, at: seconds(62))
            #expect(try bed.claim(at: seconds(62)).claims.map(\.rowIDs) == [[second]])
            #expect(try bed.state(first) == "sent")
        },
        StoreConformance("what was read, cancelled or suppressed does not go") { bed in
            let read = try bed.insertOne("read") { $0.conversation = "c" }
            try bed.read(upTo: seconds(1), reader: "read@example.test")
            let cancelled = try bed.insertOne("cancelled")
            try bed.cancel(cancelled)
            let suppressed = try bed.insertOne("suppressed")
            try bed.api(
                """
                INSERT INTO suppressions (helpdesk_id, address, reason, created_at)
                VALUES ('h', 'suppressed@example.test', 'asked', 0)
                """)
            let goes = try bed.insertOne("goes")
            let batch = try bed.takeIn(at: seconds(60))
            #expect(batch.claims.map(\.rowIDs) == [[goes]])
            #expect(
                try bed.states([read, cancelled, suppressed]) == [
                    "skipped/read", "skipped/cancelled", "skipped/suppressed",
                ])
            #expect(try bed.nextDue() == nil)
        },
        StoreConformance("what is paused waits, and goes when the pause is over") { bed in
            try bed.api(
                "INSERT INTO helpdesks (id, name, from_address, paused) VALUES ('h', 'A', 'a@b.test', 1)"
            )
            let ids = [try bed.insertOne("one"), try bed.insertOne("two")]
            #expect(try bed.takeIn(at: seconds(60)).claims.isEmpty)
            #expect(try bed.states(ids) == ["pending/paused", "pending/paused"])
            try bed.api("UPDATE helpdesks SET paused = 0 WHERE id = 'h'")
            _ = try bed.review(at: seconds(61))
            #expect(try bed.claim(at: seconds(61)).claims.map(\.rowIDs) == ids.map { [$0] })
        },
        StoreConformance("what a crowded helpdesk brings waits in line") { bed in
            let id = try bed.insertOne("one")
            let batch = try bed.takeIn(at: seconds(60)) { $0.crowded = ["h"] }
            #expect(batch.claims.isEmpty)
            #expect(try bed.claim(at: seconds(60)).claims.map(\.rowIDs) == [[id]])
        },
        StoreConformance("a probe of the relay finds what has just come") { bed in
            let ids = [try bed.insertOne("one"), try bed.insertOne("two")]
            let batch = try bed.takeIn(at: seconds(60)) {
                ($0.isRelayProbe, $0.limit) = (true, 1)
            }
            #expect(batch.claims.count == 1)
            #expect(Set(try bed.states(ids)) == ["sending", "pending/queued"])
        },
        StoreConformance("a transaction that fails takes nothing in, and gives out no claim") {
            bed in
            struct Stop: Error {}
            let ids = try (1...3).map { try bed.insertOne("p\($0)") }
            #expect(throws: Stop.self) {
                try bed.store.inTransaction {
                    #expect(try bed.takeIn(wanted: 2, at: seconds(60)).claims.count == 2)
                    throw Stop()
                }
            }
            #expect(try bed.nextDue() == nil)
            #expect(try bed.takeIn(at: seconds(60)).claims.map(\.rowIDs) == ids.map { [$0] })
        },
        StoreConformance("without a claim behind it what was taken in waits") { bed in
            let id = try bed.insertOne("one")
            _ = try bed.store.ingest(limit: 500, wanted: 100, at: seconds(60), rules: .usual)
            #expect(try bed.state(id) == "pending/queued")
            #expect(try bed.claim(at: seconds(60)).claims.map(\.rowIDs) == [[id]])
        },
        StoreConformance("of a burst no more is taken in than is claimed") { bed in
            let ids = try (1...20).map { try bed.insertOne("p\($0)") }
            let first = try bed.takeIn(10, wanted: 4, at: seconds(60))
            #expect(first.claims.map(\.rowIDs) == ids[..<4].map { [$0] })
            #expect(try bed.api("SELECT count(*) FROM outboxd_mails") == ["4"])
            var claimed = 4
            while try bed.store.hasNewRows() {
                claimed += try bed.takeIn(10, wanted: 4, at: seconds(60)).claims.count
            }
            #expect(claimed == 20)
        },
        StoreConformance("rows of a burst that end at once make room for others") { bed in
            for number in 1...8 { try bed.cancel(try bed.insertOne("x\(number)")) }
            let ids = try (1...5).map { try bed.insertOne("p\($0)") }
            let batch = try bed.takeIn(11, wanted: 3, at: seconds(60))
            #expect(batch.claims.map(\.rowIDs) == ids[..<3].map { [$0] })
            #expect(try bed.api("SELECT count(*) FROM outboxd_rows") == ["11"])
        },
    ]
}
