import Delivery
import Store
import TestSupport
import Testing

extension StoreBed {
    /// Mails of two helpdesks, h and o, that write from addresses of their own: so many of each, under
    /// way.
    fileprivate func claimOfTwo(_ count: Int) throws -> (own: [Claim], others: [Claim]) {
        try api("INSERT INTO helpdesks (id, name, from_address) VALUES ('o', 'O', 'o@o.test')")
        for number in 1...count {
            try insert(
                TestRow("o\(number)").with {
                    ($0.helpdesk, $0.conversation) = ("o", "o\(number)")
                    $0.to = "o\(number)@example.test"
                })
        }
        let claims = try claimMany(count)
        return (
            claims.filter { $0.sender == RealRules.sender },
            claims.filter { $0.sender == "o@o.test" }
        )
    }

    fileprivate func accept(_ claim: Claim, at now: WallTime) throws -> FinishedBatch {
        try finish(claim, .sent, at: now, event: .accepted(mail: claim.mailID))
    }

    /// 530 to MAIL.
    fileprivate func disown(_ claim: Claim, at now: WallTime) throws -> FinishedBatch {
        let error = DeliveryError(stage: .mail, code: 530, text: "authenticate")
        return try store.finish([
            FinishedMail(
                mail: InFlightMail(claim), outcome: .returned(dueAt: nil, takenOver: false),
                error: error, at: now,
                senderEvent: SenderEvent(.unauthorized(error), mail: claim.mailID),
                ifOwnFailure: .deferred(dueAt: now + .seconds(30), expired: []))
        ])
    }

    fileprivate func fillUp(_ claim: Claim, at now: WallTime) throws -> FinishedBatch {
        let error = DeliveryError(
            stage: .rcpt, code: 452, enhanced: EnhancedStatusCode(4, 3, 1), text: "disk full")
        return try finish(
            claim, .deferred(dueAt: now + .seconds(30), expired: []), at: now, error: error,
            event: SenderEvent(.deferred(error), mail: claim.mailID))
    }
}

extension StoreConformance {
    static let blame: [StoreConformance] = [
        StoreConformance("where another's mail is under way, its result tells whose fault it is") {
            bed in
            let (own, others) = try bed.claimOfTwo(8)
            for claim in own {
                #expect(try bed.refuse(claim, at: seconds(61)).blockedSenders.isEmpty)
            }
            let batch = try bed.accept(others[0], at: seconds(62))
            #expect(batch.blockedSenders == [RealRules.sender] && batch.relayPause == nil)
            #expect(batch.reopenedRows == [RealRules.sender: 8])
        },
        // Composed anew it would be another mail under the same Message-ID. (Found by simulation, seed 62.)
        StoreConformance("what was announced, and then refused, comes back as it was announced") {
            bed in
            let (own, others) = try bed.claimOfTwo(8)
            let id = own[0].mailID
            try bed.finish(
                own[0], .uncertain(dueAt: seconds(61), frozen: .sample()), at: seconds(61),
                error: .silence)
            let copy = try bed.claim(at: seconds(62), limit: 100).claims.first { $0.mailID == id }
            for claim in [try #require(copy)] + own.dropFirst() {
                _ = try bed.refuse(claim, at: seconds(63))
            }
            let batch = try bed.accept(others[0], at: seconds(64))
            #expect(batch.reopenedRows == [RealRules.sender: 8])
            #expect(
                try bed.api(
                    """
                    SELECT copies || ' ' || phase || ' ' || (
                        SELECT count(*) FROM outboxd_frozen f WHERE f.mail_id = m.id)
                    FROM outboxd_mails m WHERE id = \(id)
                    """) == ["1 0 1"])
        },
        // It would be `sent` with a copy that says nothing of it. (Found by simulation, seed 162.)
        StoreConformance("what came meanwhile does not join what was announced and comes back") {
            bed in
            let (own, others) = try bed.claimOfTwo(8)
            let announced = own[0]
            try bed.finish(
                announced, .uncertain(dueAt: seconds(61), frozen: .sample()), at: seconds(61),
                error: .silence)
            let copy = try bed.claim(at: seconds(62), limit: 100).claims.first {
                $0.mailID == announced.mailID
            }
            for claim in [try #require(copy)] + own.dropFirst() {
                _ = try bed.refuse(claim, at: seconds(63))
            }
            let late = try bed.insert(
                TestRow("late").with {
                    ($0.conversation, $0.to) = (
                        announced.key.conversationID, announced.key.recipient
                    )
                })
            try bed.ingest()
            #expect(try !bed.accept(others[0], at: seconds(64)).reopenedRows.isEmpty)
            #expect(
                try bed.api("SELECT id FROM outboxd_rows WHERE mail_id = \(announced.mailID)")
                    == announced.rowIDs.map(String.init))
            #expect(try bed.state(late).hasPrefix("pending"))
        },
        // That its attempt does not count takes nobody's turn away. (Found by simulation, seed 1042.)
        StoreConformance("what the relay was to blame for goes before the other audience's mail") {
            bed in
            let (own, others) = try bed.claimOfTwo(4)
            for claim in own + others { _ = try bed.refuse(claim, at: seconds(61), .spam) }
            let first = own[0]
            #expect(try bed.status("attempts", first.rowIDs[0]) == "0")
            let late = try bed.insert(
                TestRow("late").with {
                    ($0.conversation, $0.to) = (first.key.conversationID, first.key.recipient)
                    ($0.audience, $0.created) = ("operator", epoch)
                })
            try bed.ingest(at: seconds(62))
            let claims = try bed.claim(at: seconds(63)).claims
            #expect(claims.count == 8 && !claims.contains { $0.rowIDs == [late] })
            #expect(try bed.state(late) == "pending/deferred")
            let again = try #require(claims.first { $0.mailID == first.mailID })
            _ = try bed.accept(again, at: seconds(64))
            #expect(try bed.claim(at: seconds(64)).claims.map(\.rowIDs) == [[late]])
        },
        StoreConformance("a relay that refuses every sender is paused, and nobody has failed") {
            bed in
            let (own, others) = try bed.claimOfTwo(4)
            var last = FinishedBatch()
            for claim in own + others[..<2] {
                #expect(last.relayPause == nil)
                last = try bed.refuse(claim, at: seconds(61), .spam)
            }
            #expect(last.relayPause?.kind == .permanent && last.reopenedForRelay == 6)
            // Of two senders so far: a third one's mail is tried at once.
            #expect(last.relayPause?.accusation?.others.count == 1)
            #expect(last.relayPause?.trouble.error.text.contains("every sender") == true)
            // What was under way returns, too.
            let late = try bed.refuse(others[2], at: seconds(62), .spam)
            #expect(late.reopenedForRelay == 1 && late.relayPause != nil)
            let states = try bed.states((own + others).map { $0.rowIDs[0] })
            #expect(states == Array(repeating: "pending/queued", count: 7) + ["sending"])
            #expect(try bed.status("attempts", own[0].rowIDs[0]) == "0")
            // One that is accepted ends it.
            _ = try bed.accept(others[3], at: seconds(63))
            let again = try #require(try bed.claim(at: seconds(64)).claims.first)
            let batch = try bed.refuse(again, at: seconds(65))
            #expect(batch.relayPause == nil && batch.reopenedForRelay == 0)
        },
        StoreConformance("one mail that gets 530, alone: it goes back, and it is accused") { bed in
            let (claim, rows) = try bed.claimOne()
            let batch = try bed.disown(claim, at: seconds(61))
            #expect(batch.relayPause?.accusation?.mail == claim.mailID)
            #expect(batch.relayPause?.accusation?.isOfSender == false)
            #expect(try bed.status("attempts", rows[0]) == "0")
            let accusation = try #require(batch.relayPause?.accusation)
            #expect(try bed.store.nextInnocentDue(of: accusation) == nil)
            try bed.insert(TestRow("next").with { $0.conversation = "next" })
            try bed.ingest(at: seconds(61))
            #expect(try bed.store.nextInnocentDue(of: accusation) == seconds(60))
            let claims = try bed.claim(at: seconds(62), limit: 1) {
                ($0.isRelayProbe, $0.innocentOf) = (true, accusation)
            }
            #expect(claims.claims.map(\.mailID) != [claim.mailID])
        },
        StoreConformance("what came after the refusals has no part in them, whoever wrote it") {
            bed in
            for number in 0..<20 { try bed.insert(1, conversation: "c\(number)") }
            try bed.ingest()
            let newcomers = Newcomers(after: 20)
            let probe = {
                try bed.claim(at: seconds(90), limit: 1) {
                    ($0.isRelayProbe, $0.newcomers) = (true, newcomers)
                }.claims.map(\.mailID)
            }
            #expect(try !bed.store.hasDue(newcomers, at: seconds(90)))
            #expect(try probe() == [])
            for number in 20..<23 { try bed.insert(1, conversation: "c\(number)") }
            try bed.ingest()
            #expect(try !bed.store.hasDue(newcomers, at: seconds(59)))
            #expect(try bed.store.hasDue(newcomers, at: seconds(60)))
            // The newest first: the others were there when it was refused.
            #expect(try probe() == [23])
            #expect(try probe() == [22])
            var later = newcomers
            later.refused(23, wasUnderWay: false, at: seconds(90))
            #expect(try !bed.store.hasDue(later, at: seconds(95)))
        },
        StoreConformance("another sender is innocent of what one sender is accused of") { bed in
            let accusation = Accusation(
                mail: 99, sender: RealRules.sender, helpdeskID: "h", isOfSender: true)
            try bed.insert(TestRow("own"))
            try bed.ingest()
            #expect(try bed.store.nextInnocentDue(of: accusation) == nil)
            try bed.api(
                "INSERT INTO helpdesks (id, name, from_address) VALUES ('o', 'O', 'o@o.test')")
            let other = try bed.insert(TestRow("m").with { $0.helpdesk = "o" })
            try bed.ingest()
            #expect(try bed.store.nextInnocentDue(of: accusation) == seconds(60))
            let claimed = try bed.claim(at: seconds(62), limit: 1) {
                ($0.isRelayProbe, $0.innocentOf) = (true, accusation)
            }
            #expect(claimed.claims.map(\.rowIDs) == [[other]])
        },
        StoreConformance("a helpdesk without an entry is accused with the address it writes from") {
            bed in
            // Whoever claims says it: here the rules that name the sender of each claim.
            let accusation = Accusation(
                mail: 99, sender: "o@o.test", helpdeskID: "o", isOfSender: true,
                others: [RealRules.sender, "x@xn--bcher-kva.test"])
            try bed.insert(TestRow("own"))
            try bed.api(
                """
                INSERT INTO helpdesks (id, name, from_address)
                VALUES ('i', 'I', 'X@bücher.test'), ('none', 'N', 'no address')
                """)
            for helpdesk in ["i", "none"] {
                try bed.insert(TestRow(helpdesk).with { $0.helpdesk = helpdesk })
            }
            try bed.ingest()
            #expect(try bed.store.nextInnocentDue(of: accusation) == nil)
            let claimed = try bed.claim(at: seconds(62), limit: 1) {
                ($0.isRelayProbe, $0.innocentOf) = (true, accusation)
            }
            #expect(claimed.claims.isEmpty)
        },
        StoreConformance("two mails of a sender get 530 while others are accepted: it is blocked") {
            bed in
            let (own, others) = try bed.claimOfTwo(3)
            let first = try bed.disown(own[0], at: seconds(61))
            #expect(first.looksAgain && first.relayPause == nil)
            #expect(try bed.accept(others[0], at: seconds(62)).blockedSenders.isEmpty)
            #expect(try bed.disown(own[1], at: seconds(63)).blockedSenders == [RealRules.sender])
            let states = try bed.states(own[..<2].map { $0.rowIDs[0] })
            #expect(states == ["pending/sender", "pending/sender"])
        },
        StoreConformance("the same mail gets 530 again while others are accepted: its own failure")
        {
            bed in
            let (own, others) = try bed.claimOfTwo(2)
            _ = try bed.disown(own[0], at: seconds(61))
            _ = try bed.accept(others[0], at: seconds(62))
            let again = try #require(
                try bed.claim(at: seconds(63)).claims.first { $0.mailID == own[0].mailID })
            #expect(try bed.disown(again, at: seconds(64)).blockedSenders.isEmpty)
            #expect(try bed.state(own[0].rowIDs[0]) == "pending/deferred")
            #expect(try bed.status("attempts", own[0].rowIDs[0]) == "1")
            // Another mail of the sender is accepted: it is the mail's own fault, for good.
            _ = try bed.accept(own[1], at: seconds(65))
            let last = try #require(try bed.claim(at: seconds(200)).claims.first)
            _ = try bed.disown(last, at: seconds(201))
            #expect(try bed.state(own[0].rowIDs[0]) == "failed/rejected")
        },
        StoreConformance("ten mails find the relay's disk full: no attempt is burnt") { bed in
            let claims = try bed.claimMany(12)
            let rows = claims.map { $0.rowIDs[0] }
            for claim in claims[..<9] {
                #expect(try bed.fillUp(claim, at: seconds(61)).relayPause == nil)
            }
            #expect(try bed.status("attempts", rows[0]) == "1")
            #expect(try bed.fillUp(claims[9], at: seconds(62)).relayPause?.kind == .system)
            // What was under way goes back, too.
            _ = try bed.fillUp(claims[10], at: seconds(63))
            for row in rows[..<11] { #expect(try bed.status("attempts", row) == "0") }
            #expect(try bed.dueAt(rows[0]) == seconds(62))
            _ = try bed.accept(claims[11], at: seconds(64))
            let again = try bed.claim(at: seconds(65)).claims
            #expect(again.count == 11 && again.allSatisfy { $0.attempts == 0 })
            // It has taken another's mail: what it refuses now is the mails' own, all eleven of them.
            for claim in again {
                #expect(try bed.fillUp(claim, at: seconds(66)).relayPause == nil)
            }
            for claim in again { #expect(try bed.status("attempts", claim.rowIDs[0]) == "1") }
        },
    ]
}
