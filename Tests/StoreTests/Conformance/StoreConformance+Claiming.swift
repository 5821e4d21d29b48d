import Delivery
import Store
import TestSupport
import Testing

extension StoreConformance {
    static let claiming: [StoreConformance] = [
        StoreConformance("the longest due mails are claimed first, as many as wanted") { bed in
            let ids = try (1...5).map { number in
                try bed.insert(
                    TestRow("m").with {
                        $0.conversation = "c\(number)"
                        $0.message = "m\(number)"
                        $0.created = seconds(Int64(10 - number))
                    })
            }
            try bed.ingest(at: seconds(10))
            let first = try bed.claim(at: seconds(100), limit: 2)
            #expect(first.claims.flatMap(\.rowIDs) == [ids[4], ids[3]])
            let rest = try bed.claim(at: seconds(100), limit: 10)
            #expect(rest.claims.flatMap(\.rowIDs) == [ids[2], ids[1], ids[0]])
        },
        StoreConformance("a claimed mail is sending, and nobody else gets it") { bed in
            let ids = try bed.insert(1)
            try bed.ingest()
            let claim = try #require(try bed.claim(at: seconds(60)).claims.first)
            #expect(claim.token > 0 && claim.attempts == 0 && claim.copies == 0)
            #expect(claim.claimedAt == seconds(60) && claim.dueAt == seconds(60))
            #expect(try bed.state(ids[0]) == "sending")
            #expect(try bed.claim(at: seconds(61)).claims.isEmpty)
            #expect(try bed.claim(at: seconds(61), from: bed.another()).claims.isEmpty)
            #expect(try bed.nextDue() == nil)
        },
        StoreConformance("a token is never used twice") { bed in
            try bed.insert(1)
            try bed.ingest()
            var tokens: Set<Int64> = []
            for _ in 0..<20 {
                let claim = try #require(try bed.claim(at: seconds(60)).claims.first)
                tokens.insert(claim.token)
                try bed.finish(claim, .returned(dueAt: nil, takenOver: false), at: seconds(60))
            }
            #expect(tokens.count == 20)
        },
        StoreConformance("what was read or cancelled by then is skipped in the claim") { bed in
            let ids = try bed.insert(4)
            try bed.ingest()
            try bed.read(upTo: seconds(1), reader: " ANN@Example.TEST")
            try bed.cancel(ids[2])
            let batch = try bed.claim(at: seconds(100))
            #expect(batch.claims.map(\.rowIDs) == [[ids[3]]])
            #expect(batch.skipped.map(\.row) == [ids[0], ids[1], ids[2]])
            #expect(
                try bed.states(ids)
                    == ["skipped/read", "skipped/read", "skipped/cancelled", "sending"])
        },
        StoreConformance("a mail of which nothing is left is finished") { bed in
            let ids = try bed.insert(2)
            try bed.ingest()
            try bed.read(upTo: seconds(30))
            #expect(try bed.claim(at: seconds(100)).claims.isEmpty)
            #expect(try bed.states(ids) == ["skipped/read", "skipped/read"])
            #expect(try bed.nextDue() == nil)
        },
        StoreConformance("a row still on hold is looked at when its own hold is over") { bed in
            let first = try bed.insert(TestRow("m1"))
            let second = try bed.insert(TestRow("m2").with { $0.created = seconds(30) })
            try bed.ingest(at: seconds(30))
            try bed.read(upTo: seconds(10))
            #expect(try bed.claim(at: seconds(60)).claims.isEmpty)
            #expect(try bed.states([first, second]) == ["skipped/read", "pending/queued"])
            #expect(try bed.nextDue() == seconds(90))
            #expect(try bed.claim(at: seconds(90)).claims.map(\.rowIDs) == [[second]])
        },
        StoreConformance("rows that the API server deleted are forgotten") { bed in
            let ids = try bed.insert(3)
            try bed.ingest()
            try bed.delete(ids[0])
            #expect(try bed.claim(at: seconds(100)).claims.map(\.rowIDs) == [[ids[1], ids[2]]])
            let alone = try bed.insert(1, conversation: "d")
            try bed.ingest(at: seconds(61))
            try bed.delete(alone[0])
            #expect(try bed.claim(at: seconds(200)).claims.isEmpty)
            #expect(try bed.nextDue() == nil)
        },
        StoreConformance("what stands in the row at the claim is what is claimed") { bed in
            let id = try bed.insert(TestRow("m1"))
            try bed.ingest()
            try bed.api(
                "UPDATE outbox SET body_text = 'Better', subject = 'S', locale = 'de' WHERE id = \(id)"
            )
            let row = try bed.claim(at: seconds(60)).claims.first?.rows.first
            #expect(row?.bodyText == "Better" && row?.subject == "S" && row?.locale == "de")
        },
        StoreConformance("the hold can be ignored, a retry's time can't") { bed in
            try bed.insert(1)
            try bed.insert(1, conversation: "d")
            try bed.ingest()
            let claims = try bed.claim(at: seconds(1)) { $0.ignoresHold = true }.claims
            #expect(claims.count == 2)
            try bed.finish(
                claims[0], .deferred(dueAt: seconds(40), expired: []), at: seconds(2), error: .later
            )
            #expect(try bed.claim(at: seconds(3)) { $0.ignoresHold = true }.claims.isEmpty)
            #expect(try bed.claim(at: seconds(40)) { $0.ignoresHold = true }.claims.count == 1)
        },
        StoreConformance("the helpdesk is looked up, and read once more for the next claim") {
            bed in
            try bed.api(
                """
                INSERT INTO helpdesks (id, name, from_address, locale)
                VALUES ('h', 'Acme', 'help@acme.test', 'de')
                """)
            try bed.insert(1)
            try bed.ingest()
            let claim = try #require(try bed.claim(at: seconds(60)).claims.first)
            #expect(claim.helpdesk?.name == "Acme" && claim.helpdesk?.locale == "de")
            #expect(claim.sender == "help@acme.test" && claim.helpdesk?.allowedDomains == "")
            try bed.finish(claim, .returned(dueAt: nil, takenOver: false), at: seconds(61))
            try bed.api("UPDATE helpdesks SET name = 'Acme & Sons'")
            #expect(try bed.claim(at: seconds(61)).claims.first?.helpdesk?.name == "Acme & Sons")
        },
        StoreConformance("a helpdesk that pauses keeps its mail; a drain keeps it too") { bed in
            try bed.api(
                """
                INSERT INTO helpdesks (id, name, from_address, paused)
                VALUES ('h', 'Acme', 'help@acme.test', 1)
                """)
            let ids = try bed.insert(1)
            let other = try bed.insert(TestRow("m").with { $0.helpdesk = "other" })
            try bed.ingest()
            let batch = try bed.claim(at: seconds(60))
            #expect(batch.claims.flatMap(\.rowIDs) == [other])
            #expect(try bed.state(ids[0]) == "pending/paused")
            #expect(try bed.claim(at: seconds(61)) { $0.ignoredPauses = ["", "h"] }.claims.isEmpty)
            try bed.api("UPDATE helpdesks SET paused = 0")
            #expect(try bed.state(ids[0]) == "pending/queued")
            #expect(try bed.review(at: seconds(62)).released == 1)
            #expect(try bed.claim(at: seconds(62)).claims.flatMap(\.rowIDs) == ids)
        },
        StoreConformance("paused mail does not use up the limit of a drain") { bed in
            try bed.api(
                """
                INSERT INTO helpdesks (id, name, from_address, paused)
                VALUES ('h', 'Acme', 'help@acme.test', 1)
                """)
            for number in 1...5 { try bed.insert(1, conversation: "c\(number)") }
            let other = try bed.insert(
                TestRow("m").with { ($0.helpdesk, $0.created) = ("other", seconds(5)) })
            try bed.ingest(at: seconds(5))
            #expect(try bed.claim(at: seconds(100), limit: 100).claims.count == 1)
            let late = try bed.insert(
                TestRow("n").with { ($0.helpdesk, $0.conversation) = ("other", "late") })
            try bed.ingest(at: seconds(100))
            let drained = try bed.claim(at: seconds(100), limit: 2) {
                $0.ignoredPauses = ["", "h"]
            }
            #expect(drained.claims.flatMap(\.rowIDs) == [late] && other != late)
        },
        StoreConformance("a probe of the relay is not always the same mail") { bed in
            for number in 1...3 { try bed.insert(1, conversation: "c\(number)") }
            try bed.ingest()
            var tried: [String] = []
            for round in 0..<6 {
                let now = seconds(60 + Int64(round))
                let claim = try #require(
                    try bed.claim(at: now, limit: 1) { $0.isRelayProbe = true }.claims.first)
                tried.append(claim.key.conversationID)
                try bed.finish(
                    claim, .returned(dueAt: nil, takenOver: false), at: now, error: .later)
            }
            #expect(tried == ["c1", "c2", "c3", "c1", "c2", "c3"])
        },
        StoreConformance("a suppressed address gets nothing while the suppression lasts") { bed in
            let ids = try bed.insert(1)
            try bed.ingest()
            try bed.api(
                """
                INSERT INTO suppressions (helpdesk_id, address, reason, created_at, expires_at)
                VALUES ('', 'ann@example.test', 'asked', 0, \(seconds(100).milliseconds))
                """)
            #expect(try bed.claim(at: seconds(60)).claims.isEmpty)
            #expect(try bed.state(ids[0]) == "skipped/suppressed")
            let later = try bed.insert(1, conversation: "d")
            try bed.ingest(at: seconds(100))
            #expect(try bed.claim(at: seconds(100)).claims.flatMap(\.rowIDs) == later)
        },
    ]
}
