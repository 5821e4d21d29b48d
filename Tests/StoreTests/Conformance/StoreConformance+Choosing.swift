import Delivery
import Store
import TestSupport
import Testing

/// Rows that somebody has chosen.
extension StoreConformance {
    private static func insert(_ count: Int, in bed: any StoreBed) throws -> [Int64] {
        try (1...count).map { number in
            try bed.insert(
                TestRow("m\(number)").with {
                    $0.conversation = "c\(number)"
                    $0.to = "u\(number)@example.test"
                })
        }
    }

    static let choosing: [StoreConformance] = [
        StoreConformance("of chosen rows only their mails are claimed, in their order") { bed in
            let ids = try insert(5, in: bed)
            try bed.ingest()
            let batch = try bed.claim(at: seconds(60)) { $0.rows = [ids[3], ids[1]] }
            #expect(batch.claims.map(\.rowIDs) == [[ids[3]], [ids[1]]])
            #expect(try bed.states([ids[0], ids[2]]) == ["pending/queued", "pending/queued"])
        },
        StoreConformance("a mail goes whole, though one of its rows was chosen") { bed in
            let ids = try bed.insert(3)
            try bed.ingest()
            let batch = try bed.claim(at: seconds(100)) { $0.rows = [ids[1], ids[2]] }
            #expect(batch.claims.map(\.rowIDs) == [ids])
            #expect(batch.unseen.isEmpty)
        },
        StoreConformance("chosen rows that there is no room for were not seen") { bed in
            let ids = try insert(4, in: bed)
            try bed.ingest()
            let batch = try bed.claim(at: seconds(60), limit: 2) { $0.rows = ids }
            #expect(batch.claims.count == 2 && batch.unseen == [ids[2], ids[3]])
        },
        StoreConformance("chosen rows wait for their time, a pause and their conversation") { bed in
            let ids = try insert(4, in: bed)
            let second = try bed.insert(
                TestRow("m9").with {
                    ($0.conversation, $0.to, $0.audience) = ("c2", "u2@example.test", "operator")
                })
            try bed.ingest()
            #expect(try bed.claim(at: seconds(59)) { $0.rows = ids }.claims.isEmpty)
            let first = try bed.claim(at: seconds(60)) { $0.rows = [ids[1]] }
            #expect(first.claims.count == 1)
            #expect(try bed.claim(at: seconds(60)) { $0.rows = [second] }.claims.isEmpty)
            try bed.api("INSERT INTO outboxd_pauses (helpdesk_id, paused_at) VALUES ('h', 1)")
            #expect(try bed.claim(at: seconds(60)) { $0.rows = [ids[0]] }.claims.isEmpty)
            let paused = try bed.claim(at: seconds(60)) {
                ($0.rows, $0.ignoredPauses) = ([ids[0]], ["h"])
            }
            #expect(paused.claims.count == 1)
            try bed.api("INSERT INTO outboxd_pauses (helpdesk_id, paused_at) VALUES ('', 1)")
            let everything = try bed.claim(at: seconds(60)) { $0.rows = [ids[2]] }
            #expect(everything.claims.isEmpty && everything.unseen == [ids[2]])
        },
        StoreConformance("a line that was parked once stands in no chosen row's way") { bed in
            let ids = try insert(2, in: bed)
            try bed.api(
                """
                INSERT INTO helpdesks (id, name, from_address, paused) VALUES ('h', 'A', 'a@b.test', 1)
                """)
            try bed.ingest()
            #expect(try bed.claim(at: seconds(60)).claims.isEmpty)
            #expect(try bed.claim(at: seconds(60)) { $0.rows = ids }.claims.isEmpty)
            try bed.api("UPDATE helpdesks SET paused = 0")
            #expect(try bed.claim(at: seconds(60)).claims.isEmpty)
            #expect(try bed.claim(at: seconds(60)) { $0.rows = ids }.claims.count == 2)
        },
        StoreConformance("one chosen mail tries a relay in trouble") { bed in
            let ids = try insert(3, in: bed)
            try bed.ingest()
            let batch = try bed.claim(at: seconds(60)) { ($0.rows, $0.isRelayProbe) = (ids, true) }
            #expect(batch.claims.map(\.rowIDs) == [[ids[0]]])
            #expect(batch.unseen == [ids[1], ids[2]])
        },
        StoreConformance("a chosen row that was made instant meanwhile is due") { bed in
            let ids = try insert(3, in: bed)
            try bed.ingest()
            try bed.api("UPDATE outbox SET instant = 1")
            try bed.api("UPDATE outbox SET cancelled_at = 1 WHERE id = \(ids[2])")
            try bed.api(
                "UPDATE outbox SET not_before = \(seconds(50).milliseconds) WHERE id = \(ids[1])")
            let places = try bed.store.standings(of: ids).map(\.place)
            let moments = [WallTime(milliseconds: 0), seconds(50), nil]
            #expect(
                places
                    == moments.map {
                        .inLine(
                            .init(
                                helpdeskID: "h", turn: .first, dueAt: seconds(60), instantAt: $0))
                    })
            #expect(try bed.claim(at: seconds(1)) { $0.rows = Array(ids[1...]) }.claims.isEmpty)
            #expect(
                try bed.claim(at: seconds(1)) { $0.rows = [ids[0]] }.claims.map(\.rowIDs)
                    == [[ids[0]]])
        },
        StoreConformance("where chosen rows stand") { bed in
            let ids = try insert(4, in: bed)
            let late = try bed.insert(TestRow("late").with { $0.created = seconds(200) })
            try bed.ingest()
            let new = try bed.insert(TestRow("new").with { $0.conversation = "n" })
            let sent = try #require(
                try bed.claim(at: seconds(60)) { $0.rows = [ids[0]] }.claims.first)
            try bed.finish(sent, .sent, at: seconds(61))
            let failed = try #require(
                try bed.claim(at: seconds(60)) { $0.rows = [ids[1]] }.claims.first)
            try bed.finish(failed, .failed(.unsupported), at: seconds(61))
            _ = try bed.claim(at: seconds(60)) { $0.rows = [ids[2]] }
            let rows = [ids[0], ids[1], ids[2], ids[3], late, new, 99_999]
            let found = try bed.store.standings(of: rows)
            #expect(found.map(\.row) == rows)
            #expect(
                found.map(\.place) == [
                    .through, .failed, .sending,
                    .inLine(.init(helpdeskID: "h", turn: .first, dueAt: seconds(60))),
                    .inLine(.init(helpdeskID: "h", turn: .first, dueAt: seconds(260))),
                    .notIngested, .through,
                ])
        },
    ]
}
