import Delivery
import Store
import TestSupport
import Testing

extension StoreBed {
    /// The only mail, claimed a minute after the epoch.
    func claimOne(_ rows: Int = 1) throws -> (claim: Claim, ids: [Int64]) {
        let ids = try insert(rows)
        try ingest()
        return (try #require(try claim(at: seconds(60)).claims.first), ids)
    }
}

extension StoreConformance {
    static let finishing: [StoreConformance] = [
        StoreConformance("sent: the row says when, how often and as which mail") { bed in
            let (claim, ids) = try bed.claimOne(2)
            let batch = try bed.finish(claim, .sent, at: seconds(61))
            #expect(batch.lost.isEmpty)
            #expect(try bed.states(ids) == ["sent", "sent"])
            #expect(
                try bed.status("attempts || ' ' || sent_at || ' ' || uncertain", ids[1])
                    == "1 \(seconds(61).milliseconds) 0")
            #expect(try bed.status("email_message_id", ids[0]) == claim.emailMessageID)
            #expect(try bed.status("last_error", ids[0]) == "-")
        },
        StoreConformance("a row that got the id of one under way is not what became of that one") {
            bed in
            let (claim, ids) = try bed.claimOne()
            try bed.delete(ids[0])
            try bed.api(
                """
                INSERT INTO outbox (id, helpdesk_id, conversation_id, message_id, recipient_email,
                    body_text, created_at)
                VALUES (\(ids[0]), 'h1', 'other', 'other', 'bob@example.test', 'b', \(at(1).milliseconds))
                """)
            #expect(try bed.finish(claim, .sent, at: seconds(61)).usedAgain == ids)
            try bed.ingest(at: seconds(62))
            #expect(try bed.state(ids[0]) == "pending/queued")
            let next = try bed.claim(at: seconds(62)).claims
            #expect(next.map(\.rowIDs) == [ids] && next.first?.key.recipient == "bob@example.test")
        },
        StoreConformance("a row that is changed while it is under way is told once") { bed in
            let (claim, ids) = try bed.claimOne()
            try bed.api("UPDATE outbox SET recipient_email = 'gone@example.test', message_id = 'x'")
            #expect(try bed.finish(claim, .sent, at: seconds(61)).usedAgain.isEmpty)
            try bed.ingest(at: seconds(62))
            #expect(try bed.state(ids[0]) == "sent")
        },
        StoreConformance("a row that is deleted while it is under way leaves nothing open") { bed in
            let (claim, ids) = try bed.claimOne()
            try bed.delete(ids[0])
            #expect(try bed.finish(claim, .sent, at: seconds(61)).usedAgain.isEmpty)
            #expect(try bed.claim(at: seconds(62)).claims.isEmpty)
        },
        StoreConformance("deferred: again at its time, with what the relay said") { bed in
            let (claim, ids) = try bed.claimOne()
            try bed.finish(
                claim, .deferred(dueAt: seconds(90), expired: []), at: seconds(61), error: .later)
            #expect(try bed.state(ids[0]) == "pending/deferred")
            #expect(try bed.status("attempts", ids[0]) == "1")
            #expect(try bed.dueAt(ids[0]) == seconds(90))
            let error = try bed.status("last_error", ids[0])
            #expect(error.contains(#""stage":"rcpt""#) && error.contains(#""code":450"#))
            #expect(error.contains(#""enhanced":"4.2.0""#) && error.contains("greylisted"))
            #expect(try bed.claim(at: at(89_999)).claims.isEmpty)
            let again = try #require(try bed.claim(at: seconds(90)).claims.first)
            #expect(again.attempts == 1 && again.emailMessageID == claim.emailMessageID)
            #expect(again.token != claim.token && again.frozen == nil)
            #expect(again.rows.first?.firstAttemptAt == seconds(61))
            try bed.finish(again, .sent, at: seconds(91))
            #expect(try bed.status("last_error", ids[0]) == "-")
        },
        StoreConformance("rows that were tried for too long end, the others go on") { bed in
            let (claim, ids) = try bed.claimOne(2)
            try bed.finish(
                claim, .deferred(dueAt: seconds(90), expired: [ids[0]]), at: seconds(61),
                error: .later)
            #expect(try bed.states(ids) == ["failed/expired", "pending/deferred"])
            let again = try #require(try bed.claim(at: seconds(90)).claims.first)
            #expect(again.rowIDs == [ids[1]])
            try bed.finish(
                again, .deferred(dueAt: seconds(120), expired: [ids[1]]), at: seconds(91),
                error: .later)
            #expect(try bed.state(ids[1]) == "failed/expired")
            #expect(try bed.status("last_error", ids[1]).contains("greylisted"))
            #expect(try bed.nextDue() == nil)
        },
        StoreConformance("failed: for good, with the reason") { bed in
            let (claim, ids) = try bed.claimOne(2)
            try bed.finish(claim, .failed(.unsupported), at: seconds(61), error: .spam)
            #expect(try bed.states(ids) == ["failed/unsupported", "failed/unsupported"])
            #expect(try bed.nextDue() == nil)
        },
        StoreConformance("uncertain: the copy is kept, goes again unchanged, and is counted") {
            bed in
            let (claim, ids) = try bed.claimOne()
            let copy = FrozenMail.sample()
            try bed.finish(
                claim, .uncertain(dueAt: seconds(90), frozen: copy), at: seconds(61),
                error: .silence)
            #expect(try bed.state(ids[0]) == "pending/deferred")
            #expect(try bed.status("uncertain", ids[0]) == "1")
            let second = try #require(try bed.claim(at: seconds(90)).claims.first)
            #expect(second.copies == 1 && second.frozen == copy)
            // What is kept is the first copy, whatever comes later.
            try bed.finish(
                second, .uncertain(dueAt: seconds(120), frozen: .sample("other")), at: seconds(91),
                error: .silence)
            let third = try #require(try bed.claim(at: seconds(120)).claims.first)
            #expect(third.copies == 2 && third.frozen == copy)
            try bed.finish(third, .sent, at: seconds(121))
            #expect(try bed.state(ids[0]) == "sent")
        },
        StoreConformance("a frozen mail takes no new rows, and they don't overtake it") { bed in
            let (claim, ids) = try bed.claimOne()
            try bed.finish(
                claim, .uncertain(dueAt: seconds(90), frozen: .sample()), at: seconds(61),
                error: .silence)
            let later = try bed.insert(
                TestRow("later").with { ($0.created, $0.instant) = (seconds(62), true) })
            try bed.ingest(at: seconds(62))
            #expect(try bed.claim(at: seconds(63)).claims.isEmpty)
            let copy = try #require(try bed.claim(at: seconds(90)).claims.first)
            #expect(copy.rowIDs == ids)
            try bed.finish(copy, .sent, at: seconds(91))
            #expect(try bed.claim(at: seconds(91)).claims.map(\.rowIDs) == [[later]])
        },
        StoreConformance("a frozen mail goes whole while one of its rows is unread") { bed in
            let (claim, ids) = try bed.claimOne(2)
            try bed.finish(
                claim, .uncertain(dueAt: seconds(90), frozen: .sample()), at: seconds(61),
                error: .silence)
            try bed.read(upTo: epoch)
            let copy = try #require(try bed.claim(at: seconds(90)).claims.first)
            #expect(copy.rowIDs == ids)
            try bed.finish(copy, .returned(dueAt: nil, takenOver: false), at: seconds(91))
            try bed.read(upTo: seconds(1))
            #expect(try bed.claim(at: seconds(92)).claims.isEmpty)
            #expect(try bed.states(ids) == ["skipped/read", "skipped/read"])
        },
        StoreConformance("a frozen mail whose rows were all deleted is finished") { bed in
            let (claim, ids) = try bed.claimOne(2)
            try bed.finish(
                claim, .uncertain(dueAt: seconds(90), frozen: .sample()), at: seconds(61),
                error: .silence)
            try bed.delete(ids[0])
            let copy = try #require(try bed.claim(at: seconds(90)).claims.first)
            #expect(copy.rowIDs == [ids[1]])
            try bed.finish(copy, .returned(dueAt: nil, takenOver: false), at: seconds(91))
            try bed.delete(ids[1])
            #expect(try bed.claim(at: seconds(92)).claims.isEmpty)
            #expect(try bed.nextDue() == nil)
        },
        StoreConformance("returned: as it was, no attempt counted") { bed in
            let (claim, ids) = try bed.claimOne()
            try bed.finish(claim, .returned(dueAt: nil, takenOver: false), at: seconds(61))
            #expect(try bed.state(ids[0]) == "pending/queued")
            #expect(try bed.status("attempts", ids[0]) == "0")
            let again = try #require(try bed.claim(at: seconds(61)).claims.first)
            #expect(again.attempts == 0 && again.rows.first?.firstAttemptAt == nil)
            try bed.finish(again, .returned(dueAt: seconds(70), takenOver: true), at: seconds(62))
            #expect(try bed.claim(at: seconds(69)).claims.isEmpty)
            #expect(try bed.claim(at: seconds(70)).claims.first?.takeovers == 1)
        },
        StoreConformance("a stale token writes nothing and is told") { bed in
            let (stale, ids) = try bed.claimOne()
            try bed.finish(stale, .returned(dueAt: nil, takenOver: true), at: seconds(61))
            let current = try #require(try bed.claim(at: seconds(62)).claims.first)
            for outcome: FinishedMail.Outcome in [
                .sent, .failed(.rejected), .deferred(dueAt: epoch, expired: ids),
                .uncertain(dueAt: nil, frozen: .sample()), .returned(dueAt: epoch, takenOver: true),
            ] {
                let batch = try bed.finish(stale, outcome, at: seconds(63), error: .noSuchMailbox)
                #expect(batch.lost == [stale.token])
            }
            #expect(try bed.state(ids[0]) == "sending")
            #expect(try bed.api("SELECT count(*) FROM suppressions") == ["0"])
            #expect(try bed.finish(current, .sent, at: seconds(64)).lost.isEmpty)
            #expect(try bed.finish(current, .sent, at: seconds(65)).lost == [current.token])
            #expect(try bed.status("sent_at", ids[0]) == String(seconds(64).milliseconds))
        },
        StoreConformance("one stale mail in a batch spoils nothing for the others") { bed in
            try bed.insert(1)
            try bed.insert(1, conversation: "d")
            try bed.ingest()
            let claims = try bed.claim(at: seconds(60)).claims
            try bed.finish(claims[0], .returned(dueAt: nil, takenOver: false), at: seconds(61))
            let batch = try bed.store.finish(
                claims.map {
                    FinishedMail(mail: InFlightMail($0), outcome: .sent, at: seconds(62))
                })
            #expect(batch.lost == [claims[0].token])
            #expect(
                try bed.states([claims[0].rowIDs[0], claims[1].rowIDs[0]])
                    == ["pending/queued", "sent"])
        },
    ]

    static let merging: [StoreConformance] = [
        StoreConformance("rows that came while a mail was under way join it when it is deferred") {
            bed in
            let (claim, ids) = try bed.claimOne()
            let later = try bed.insert(TestRow("later").with { $0.created = seconds(60) })
            try bed.ingest(at: seconds(61))
            try bed.finish(
                claim, .deferred(dueAt: seconds(90), expired: []), at: seconds(62), error: .later)
            #expect(try bed.claim(at: seconds(90)).claims.map(\.rowIDs) == [ids + [later]])
        },
        StoreConformance("they join it when it goes back, also where they wait behind it") { bed in
            let (claim, ids) = try bed.claimOne()
            let later = try bed.insert(
                TestRow("later").with { ($0.created, $0.instant) = (seconds(60), true) })
            try bed.ingest(at: seconds(60))
            #expect(try bed.claim(at: seconds(61)).claims.isEmpty)
            try bed.finish(claim, .returned(dueAt: nil, takenOver: false), at: seconds(62))
            #expect(try bed.claim(at: seconds(62)).claims.map(\.rowIDs) == [ids + [later]])
            #expect(try bed.claim(at: seconds(9_000)).claims.isEmpty)
        },
        StoreConformance("a hundred rows and the rest are one group again after a deferral") {
            bed in
            let ids = try bed.insert(150)
            try bed.ingest(at: seconds(200))
            let claim = try #require(try bed.claim(at: seconds(300)).claims.first)
            try bed.finish(
                claim, .deferred(dueAt: seconds(400), expired: []), at: seconds(301), error: .later)
            let again = try #require(try bed.claim(at: seconds(400)).claims.first)
            #expect(again.rowIDs == Array(ids[..<100]) && again.mailID == claim.mailID)
            try bed.finish(again, .sent, at: seconds(401))
            #expect(try bed.claim(at: seconds(401)).claims.map(\.rowIDs) == [Array(ids[100...])])
        },
        StoreConformance("where every row of the deferred mail expired, the new ones still go") {
            bed in
            let (claim, ids) = try bed.claimOne()
            let later = try bed.insert(TestRow("later").with { $0.created = seconds(60) })
            try bed.ingest(at: seconds(61))
            try bed.finish(
                claim, .deferred(dueAt: seconds(90), expired: ids), at: seconds(62), error: .later)
            #expect(try bed.states(ids) == ["failed/expired"])
            let again = try bed.claim(at: seconds(120)).claims
            #expect(again.map(\.rowIDs) == [[later]])
        },
    ]
}
