import Delivery
import Store
import TestSupport
import Testing

extension StoreBed {
    /// Mails to so many people, claimed at a minute.
    func claimMany(_ count: Int, prefix: String = "p") throws -> [Claim] {
        for number in 1...count {
            try insert(
                TestRow("\(prefix)\(number)").with {
                    $0.conversation = "\(prefix)\(number)"
                    $0.to = "\(prefix)\(number)@example.test"
                })
        }
        try ingest()
        return try claim(at: seconds(60)).claims
    }

    func refuse(_ claim: Claim, at now: WallTime, _ error: DeliveryError = .spam) throws
        -> FinishedBatch
    {
        try finish(
            claim, .failed(.rejected), at: now, error: error,
            event: SenderEvent(.rejected(error), mail: claim.mailID))
    }
}

extension StoreConformance {
    static let senders: [StoreConformance] = [
        StoreConformance("a mailbox that does not exist is suppressed for thirty days") { bed in
            let (claim, _) = try bed.claimOne()
            _ = try bed.refuse(claim, at: seconds(61), .noSuchMailbox)
            let until = seconds(61 + 30 * 86_400).milliseconds
            #expect(
                try bed.api("SELECT helpdesk_id || address || expires_at FROM suppressions")
                    == ["hann@example.test\(until)"])
            let later = try bed.insert(1, conversation: "d")
            try bed.ingest(at: seconds(62))
            _ = try bed.claim(at: seconds(200))
            #expect(try bed.state(later[0]) == "skipped/suppressed")
        },
        StoreConformance("a suppression for good is not shortened, a shorter one is put off") {
            bed in
            let (claim, _) = try bed.claimOne()
            let other = try #require(try bed.claimMany(1).first)
            try bed.api(
                """
                INSERT INTO suppressions (helpdesk_id, address, reason, created_at, expires_at)
                VALUES ('h', 'ann@example.test', 'asked', 0, NULL),
                    ('h', 'p1@example.test', 'bounced', 0, 5)
                """)
            _ = try bed.refuse(claim, at: seconds(61), .noSuchMailbox)
            _ = try bed.refuse(other, at: seconds(61), .noSuchMailbox)
            let until = seconds(61 + 30 * 86_400).milliseconds
            #expect(
                try bed.api("SELECT reason || expires_at FROM suppressions WHERE expires_at > 0")
                    == ["bounced\(until)"])
            #expect(
                try bed.api("SELECT reason FROM suppressions WHERE expires_at IS NULL") == ["asked"]
            )
        },
        StoreConformance("any other refusal suppresses nobody") { bed in
            let (claim, _) = try bed.claimOne()
            _ = try bed.refuse(claim, at: seconds(61), .spam)
            #expect(try bed.api("SELECT count(*) FROM suppressions") == ["0"])
        },
        StoreConformance("five refusals in a row fail, the sixth proves it is the sender") {
            bed in
            let claims = try bed.claimMany(8)
            let rows = claims.map { $0.rowIDs[0] }
            for claim in claims[..<5] {
                #expect(try bed.refuse(claim, at: seconds(61)).blockedSenders.isEmpty)
            }
            #expect(try bed.states(rows[..<5].map(\.self)).allSatisfy { $0 == "failed/rejected" })
            #expect(try bed.refuse(claims[5], at: seconds(62)).blockedSenders == [RealRules.sender])
            // The seventh was under way; it is not to blame either.
            _ = try bed.refuse(claims[6], at: seconds(63))
            #expect(
                try bed.states(rows) == Array(repeating: "pending/sender", count: 7) + ["sending"])
            #expect(try bed.status("attempts", rows[0]) == "1")
            let told = try bed.api(
                "SELECT DISTINCT row_id FROM outboxd_deeds WHERE what LIKE 'waits again: % its sender %'"
            )
            #expect(Set(told).isSuperset(of: rows[..<5].map(String.init)))
            let other = try bed.claimMany(1, prefix: "q")
            #expect(other.isEmpty)
            #expect(try bed.claim(at: seconds(62)).claims.isEmpty)
        },
        StoreConformance("the sixth is accepted: the five stay failed, for good") { bed in
            let claims = try bed.claimMany(12)
            for claim in claims[..<5] { _ = try bed.refuse(claim, at: seconds(61)) }
            try bed.finish(
                claims[5], .sent, at: seconds(62), event: .accepted(mail: claims[5].mailID))
            for claim in claims[6..<11] {
                #expect(try bed.refuse(claim, at: seconds(63)).blockedSenders.isEmpty)
            }
            let ends = (0..<12).map { $0 == 5 ? "sent" : "failed/rejected" }
            #expect(try bed.states(claims[..<11].map { $0.rowIDs[0] }) == Array(ends[..<11]))
        },
        StoreConformance("a bad address neither counts nor breaks the row") { bed in
            let claims = try bed.claimMany(9)
            for claim in claims[..<5] { _ = try bed.refuse(claim, at: seconds(61)) }
            for claim in claims[5..<8] {
                #expect(
                    try bed.refuse(claim, at: seconds(61), .noSuchMailbox).blockedSenders.isEmpty)
            }
            #expect(try bed.refuse(claims[8], at: seconds(62)).blockedSenders == [RealRules.sender])
            #expect(try bed.state(claims[6].rowIDs[0]) == "failed/rejected")
        },
        StoreConformance("a blocked sender is probed, a different mail each time, and let go") {
            bed in
            let claims = try bed.claimMany(8)
            for claim in claims { _ = try bed.refuse(claim, at: seconds(61)) }
            #expect(try bed.claim(at: seconds(61)).claims.isEmpty)
            #expect(try bed.nextDue() == seconds(62))
            let probes = try bed.claim(at: seconds(62)).claims
            #expect(probes.count == 1)
            let probe = try #require(probes.first)
            #expect(probe.isSenderProbe)
            #expect(try bed.claim(at: seconds(95)).claims.isEmpty)
            _ = try bed.refuse(probe, at: seconds(100))
            // The waits double.
            #expect(try bed.claim(at: seconds(101)).claims.isEmpty)
            let next = try #require(try bed.claim(at: seconds(102)).claims.first)
            #expect(next.mailID != probe.mailID)
            let batch = try bed.finish(
                next, .sent, at: seconds(161), event: .accepted(mail: next.mailID))
            #expect(batch.unblockedSenders == [RealRules.sender])
            let rest = try bed.claim(at: seconds(161)).claims
            #expect(rest.count == 7 && rest.allSatisfy { !$0.isSenderProbe })
            // They are to blame themselves now.
            for claim in rest {
                #expect(try bed.refuse(claim, at: seconds(162)).blockedSenders.isEmpty)
                #expect(try bed.state(claim.rowIDs[0]) == "failed/rejected")
            }
        },
        StoreConformance("the probe is one that was not refused, the last to fall due first") {
            bed in
            let claims = try bed.claimMany(40)
            let good = try ["g1", "g2"].enumerated().map { index, message in
                try bed.insert(
                    TestRow(message).with {
                        $0.conversation = message
                        $0.created = seconds(Int64(index))
                    })
            }
            try bed.ingest(at: seconds(61))
            for claim in claims { _ = try bed.refuse(claim, at: seconds(61)) }
            let probe = try #require(try bed.claim(at: seconds(65)).claims.first)
            #expect(probe.rowIDs == [good[1]])
            try bed.finish(probe, .returned(dueAt: nil, takenOver: false), at: seconds(65))
            #expect(try bed.claim(at: seconds(65)).claims.first?.rowIDs == [good[0]])
        },
        StoreConformance("a probe that turns out read makes room for another") { bed in
            let claims = try bed.claimMany(6)
            for claim in claims { _ = try bed.refuse(claim, at: seconds(61)) }
            for claim in claims[..<5] {
                try bed.read(
                    upTo: epoch, conversation: claim.key.conversationID,
                    reader: claim.key.recipient)
            }
            var probes: [Claim] = []
            for _ in 0..<6 { probes += try bed.claim(at: seconds(91)).claims }
            #expect(probes.map(\.mailID) == [claims[5].mailID])
        },
        StoreConformance("a probe that goes back as it was is tried again at once") { bed in
            let claims = try bed.claimMany(6)
            for claim in claims { _ = try bed.refuse(claim, at: seconds(61)) }
            let probe = try #require(try bed.claim(at: seconds(91)).claims.first)
            try bed.finish(probe, .returned(dueAt: nil, takenOver: false), at: seconds(92))
            #expect(try bed.claim(at: seconds(92)).claims.count == 1)
        },
        StoreConformance("a mail that comes to a blocked sender is tried in five seconds") { bed in
            for claim in try bed.claimMany(6) { _ = try bed.refuse(claim, at: seconds(61)) }
            try bed.api("UPDATE outboxd_senders SET probe_at = \(seconds(900).milliseconds)")
            func probeAt() throws -> [String] {
                try bed.api("SELECT (probe_at - \(epoch.milliseconds)) / 1000 FROM outboxd_senders")
            }
            try bed.insert(
                TestRow("held").with { ($0.conversation, $0.created) = ("n", seconds(90)) })
            try bed.ingest(at: seconds(100))
            #expect(try probeAt() == ["150"])
            try bed.insert(TestRow("now").with { ($0.conversation, $0.instant) = ("m", true) })
            try bed.ingest(at: seconds(100))
            #expect(try probeAt() == ["105"])
            try bed.insert(TestRow("next").with { ($0.conversation, $0.instant) = ("o", true) })
            try bed.ingest(at: seconds(104))
            #expect(try probeAt() == ["105"])
        },
        StoreConformance("other senders go on") { bed in
            for claim in try bed.claimMany(6) { _ = try bed.refuse(claim, at: seconds(61)) }
            try bed.api(
                "INSERT INTO helpdesks (id, name, from_address) VALUES ('o', 'O', 'o@o.test')")
            let other = try bed.insert(TestRow("m").with { $0.helpdesk = "o" })
            let blocked = try bed.insert(TestRow("n"))
            try bed.ingest()
            #expect(try bed.claim(at: seconds(61)).claims.flatMap(\.rowIDs) == [other])
            #expect(try bed.state(blocked) == "pending/sender")
        },
        StoreConformance("replies that came during the block join the mail that failed") { bed in
            let claims = try bed.claimMany(6)
            for claim in claims[..<5] { _ = try bed.refuse(claim, at: seconds(61)) }
            let late = try bed.insert(
                TestRow("late").with {
                    ($0.conversation, $0.to, $0.created) = ("p1", "p1@example.test", seconds(61))
                })
            try bed.ingest(at: seconds(61))
            _ = try bed.refuse(claims[5], at: seconds(62))
            let probes = try (0..<6).map { _ in
                let probe = try #require(try bed.claim(at: seconds(1_000)).claims.first)
                try bed.finish(probe, .returned(dueAt: nil, takenOver: false), at: seconds(1_000))
                return probe.rowIDs
            }
            #expect(probes.contains([claims[0].rowIDs[0], late]))
        },
        StoreConformance("without a usable sender a mail waits until there is one") { bed in
            try bed.api("INSERT INTO helpdesks (id, name, from_address) VALUES ('h', 'H', '')")
            let ids = try bed.insert(1)
            try bed.ingest()
            #expect(try bed.claim(at: seconds(60)).claims.isEmpty)
            #expect(try bed.state(ids[0]) == "pending/sender")
            #expect(try bed.review(at: seconds(61)).released == 0)
            try bed.api("UPDATE helpdesks SET from_address = 'h@acme.test'")
            #expect(try bed.review(at: seconds(62)).released == 1)
            #expect(try bed.claim(at: seconds(62)).claims.first?.sender == "h@acme.test")
        },
    ]
}
