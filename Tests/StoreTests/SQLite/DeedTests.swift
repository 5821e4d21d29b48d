import Delivery
import SQLite
import TestSupport
import Testing

@testable import Store

/// `retry` and `cancel`, each line of their tables.
struct DeedTests {
    private let bed: SQLiteBed

    init() throws { bed = try SQLiteBed() }

    private func retry(_ id: Int64, at now: WallTime = seconds(200)) throws -> DeedResult? {
        try perform(.retry(fault: IngestRules.usual.fault), on: id, at: now)
    }

    private func cancel(_ id: Int64, at now: WallTime = seconds(200)) throws -> DeedResult? {
        try perform(.cancel, on: id, at: now)
    }

    /// Whatever becomes of a row, a dry run has said so before.
    private func perform(_ deed: RowDeed, on id: Int64, at now: WallTime) throws -> DeedResult? {
        let refusal = try SQLiteReader(bed.sqlite.connection).refusals(of: deed, [id])[id]
        let result = try bed.sqlite.perform(deed, on: [id], by: .test, at: now)[id]
        if let refusal {
            #expect(result == .refused(refusal))
        } else {
            #expect(result == .done || result == .underWay)
        }
        return result
    }

    private func deeds() throws -> [String] {
        try bed.api(
            "SELECT row_id || ' ' || what || ' ' || who || ' ' || why FROM outboxd_deeds WHERE who <> 'outboxd'"
        )
    }

    private static let noSuchUser = DeliveryError(
        stage: .rcpt, code: 550, enhanced: EnhancedStatusCode(5, 7, 1), text: "5.7.1 denied")

    // MARK: Retry

    @Test func `a failed row goes again with its story and its Message-ID`() throws {
        let (claim, ids) = try bed.claimOne(2)
        try bed.finish(claim, .failed(.rejected), at: seconds(61), error: Self.noSuchUser)
        #expect(try bed.states(ids) == ["failed/rejected", "failed/rejected"])
        #expect(try retry(ids[0]) == .done)
        #expect(try bed.states(ids) == ["pending/queued", "failed/rejected"])
        #expect(try retry(ids[1]) == .done)
        let again = try #require(try bed.claim(at: seconds(200)).claims.first)
        #expect(again.rowIDs == ids && again.emailMessageID == claim.emailMessageID)
        #expect(again.attempts == 0)
        try bed.finish(again, .sent, at: seconds(201))
        #expect(try bed.states(ids) == ["sent", "sent"])
        #expect(try bed.status("attempts", ids[0]) == "2")
        #expect(
            try bed.api("SELECT outcome FROM outboxd_attempts ORDER BY number") == [
                "rejected", "sent",
            ])
        #expect(try deeds() == ids.map { "\($0) retried tester a test" })
        #expect(
            try bed.api("SELECT what FROM outboxd_deeds WHERE who = 'outboxd'") == [
                "failed (rejected)", "failed (rejected)",
            ])
    }

    /// A second mail with its Message-ID would be dropped as one that is there already.
    @Test func `a failed row of a mail that was sent goes in a mail of its own`() throws {
        let (claim, ids) = try bed.claimOne(2)
        try bed.finish(
            claim, .deferred(dueAt: seconds(100), expired: [ids[0]]), at: seconds(61),
            error: .silence)
        let later = try #require(try bed.claim(at: seconds(100)).claims.first)
        try bed.finish(later, .sent, at: seconds(101))
        #expect(try bed.states(ids) == ["failed/expired", "sent"])
        #expect(try retry(ids[0]) == .done)
        let again = try #require(try bed.claim(at: seconds(200)).claims.first)
        #expect(again.rowIDs == [ids[0]] && again.emailMessageID != claim.emailMessageID)
    }

    enum End: CaseIterable { case rejected, expired, cancelled }

    /// A receiver that has the first drops the second: whatever only that one said would be lost.
    @Test(arguments: End.allCases)
    func `what may have arrived goes again as it was, and takes no newer row along`(
        end: End
    ) throws {
        let (claim, ids) = try bed.claimOne()
        let copy = FrozenMail.sample()
        try bed.finish(
            claim, .uncertain(dueAt: seconds(90), frozen: copy), at: seconds(61), error: .silence)
        let second = try #require(try bed.claim(at: seconds(90)).claims.first)
        switch end {
        case .rejected:
            try bed.finish(second, .failed(.rejected), at: seconds(91), error: Self.noSuchUser)
        case .expired:
            try bed.finish(
                second, .deferred(dueAt: seconds(99), expired: ids), at: seconds(91),
                error: .silence)
        case .cancelled:
            try bed.finish(
                second, .deferred(dueAt: seconds(99), expired: []), at: seconds(91),
                error: .silence)
            #expect(try cancel(ids[0], at: seconds(92)) == .done)
        }
        let newer = try bed.insert(
            TestRow("newer").with {
                $0.conversation = "c"
                $0.created = seconds(95)
            })
        try bed.ingest(at: seconds(95))
        #expect(try retry(ids[0], at: seconds(100)) == .done)
        let again = try #require(try bed.claim(at: seconds(100)).claims.first)
        #expect(again.rowIDs == ids && again.frozen == copy)
        #expect(again.emailMessageID == claim.emailMessageID)
        try bed.finish(again, .sent, at: seconds(101))
        #expect(try bed.state(ids[0]) == "sent")
        let last = try #require(try bed.claim(at: seconds(200)).claims.first)
        #expect(last.rowIDs == [newer] && last.frozen == nil)
        #expect(try bed.api("SELECT count(*) FROM outboxd_frozen") == ["0"])
    }

    /// What is under way goes out without it, and would take it for sent.
    @Test func `a failed row of a mail that is under way goes in a mail of its own`() throws {
        let (claim, ids) = try bed.claimOne(2)
        try bed.finish(
            claim, .deferred(dueAt: seconds(100), expired: [ids[0]]), at: seconds(61),
            error: .silence)
        let later = try #require(try bed.claim(at: seconds(100)).claims.first)
        #expect(try retry(ids[0], at: seconds(101)) == .done)
        try bed.finish(later, .sent, at: seconds(102))
        #expect(try bed.states(ids) == ["pending/queued", "sent"])
        #expect(try bed.claim(at: seconds(103)).claims.map(\.rowIDs) == [[ids[0]]])
    }

    /// Mails that ended before step 2 have no line; a row that waited in none was never sent.
    @Test func `a row that failed before there were lines gets its line`() throws {
        let (claim, ids) = try bed.claimOne()
        try bed.finish(claim, .failed(.rejected), at: seconds(61), error: Self.noSuchUser)
        try bed.api("UPDATE outboxd_mails SET line = 0")
        #expect(try retry(ids[0]) == .done)
        #expect(try bed.claim(at: seconds(200)).claims.map(\.rowIDs) == [ids])
    }

    @Test func `what waits is due now`() throws {
        let ids = try bed.insert(1)
        try bed.ingest()
        #expect(try bed.claim(at: seconds(10)).claims.isEmpty)
        #expect(try retry(ids[0], at: seconds(10)) == .done)
        let claim = try #require(try bed.claim(at: seconds(10)).claims.first)
        #expect(try retry(ids[0], at: seconds(11)) == .refused(.underWay))
        try bed.finish(
            claim, .deferred(dueAt: seconds(999), expired: []), at: seconds(12), error: .silence)
        #expect(try bed.claim(at: seconds(20)).claims.isEmpty)
        #expect(try retry(ids[0], at: seconds(20)) == .done)
        #expect(try bed.claim(at: seconds(20)).claims.count == 1)
    }

    @Test func `what can't go again is refused, and told why`() throws {
        #expect(try retry(99) == .refused(.unknown))
        let new = try bed.insert(TestRow("new"))
        #expect(try retry(new) == .refused(.notIngested))
        let (claim, ids) = try bed.claimOne()
        try bed.finish(claim, .sent, at: seconds(61))
        #expect(try retry(ids[0]) == .refused(.ended(.sent, reason: nil)))
        #expect(try deeds().isEmpty)
    }

    @Test func `what failed for its own values is refused until they are corrected`() throws {
        let id = try bed.insert(TestRow("m1").with { $0.to = "not-an-address" })
        try bed.ingest()
        #expect(try bed.state(id) == "failed/invalid_address")
        #expect(try retry(id) == .refused(.invalid("recipient_email: no @")))
        #expect(try bed.state(id) == "failed/invalid_address")
        #expect(try deeds().isEmpty)

        try bed.api(
            "UPDATE outbox SET recipient_email = 'Bea@example.test', conversation_id = 'other'")
        #expect(try retry(id) == .done)
        #expect(try bed.state(id) == "pending/queued")
        #expect(try bed.status("finished_at", id) == "-")
        try bed.ingest(at: seconds(200))
        let claim = try #require(try bed.claim(at: seconds(200)).claims.first)
        #expect(claim.rowIDs == [id] && claim.key.recipient == "bea@example.test")
        #expect(claim.key.conversationID == "other")
        try bed.finish(claim, .sent, at: seconds(201))
        #expect(try bed.state(id) == "sent")
        // Its story, and nothing else, is left of what it was.
        #expect(
            try bed.api("SELECT what FROM outboxd_deeds ORDER BY id") == [
                "failed (invalid_address)", "retried",
            ])
        #expect(try bed.api("SELECT count(*) FROM outboxd_mails") == ["1"])
        #expect(try SQLiteReader(bed.sqlite.connection).totalsAreRight())
    }

    @Test func `what failed for its own values and was cancelled stays so`() throws {
        let id = try bed.insert(TestRow("m1").with { $0.to = "not-an-address" })
        try bed.ingest()
        try bed.api("UPDATE outbox SET recipient_email = 'b@example.test', cancelled_at = 5")
        #expect(try retry(id) == .refused(.ended(.failed, reason: "invalid_address")))
    }

    /// It would be `sent` with a copy that says nothing of it.
    @Test func `a row does not go back into a mail that was announced without it`() throws {
        let ids = try bed.insert(2)
        try bed.ingest()
        #expect(try cancel(ids[0]) == .done)
        let announced = try #require(try bed.claim(at: seconds(300)).claims.first)
        #expect(announced.rowIDs == [ids[1]])
        try bed.finish(
            announced, .uncertain(dueAt: seconds(900), frozen: .sample()), at: seconds(301),
            error: .silence)
        #expect(try retry(ids[0], at: seconds(302)) == .done)
        // One after the other, as all mails of a conversation.
        let copy = try #require(try bed.claim(at: seconds(900)).claims.first)
        #expect(copy.rowIDs == [ids[1]] && copy.frozen == .sample())
        try bed.finish(copy, .sent, at: seconds(901))
        let own = try #require(try bed.claim(at: seconds(902)).claims.first)
        #expect(own.rowIDs == [ids[0]] && own.frozen == nil)
    }

    @Test func `what is held is for resolve`() throws {
        let (held, ids) = try bed.claimOne()
        try bed.finish(
            held, .uncertain(dueAt: nil, frozen: .sample()), at: seconds(61), error: .silence)
        #expect(try retry(ids[0]) == .refused(.uncertain))
        let reader = SQLiteReader(bed.sqlite.connection)
        #expect(try reader.resolving(row: ids[0]) == .done(mailID: held.mailID))
        #expect(try cancel(ids[0]) == .done)
        #expect(try bed.state(ids[0]) == "skipped/cancelled")
        #expect(try reader.resolving(row: ids[0]) == .notHeld(state: "skipped"))
        #expect(try reader.resolving(row: 99) == .unknownRow)
    }

    // MARK: Cancel

    @Test func `what waits is skipped, and its mail is over`() throws {
        let ids = try bed.insert(2)
        try bed.ingest()
        #expect(try cancel(ids[0]) == .done)
        #expect(try bed.states(ids) == ["skipped/cancelled", "pending/queued"])
        #expect(try cancel(ids[1]) == .done)
        #expect(try bed.claim(at: seconds(300)).claims.isEmpty)
        #expect(try cancel(ids[0]) == .refused(.ended(.skipped, reason: "cancelled")))
        #expect(try deeds().count == 2)
        // The operator's own word is taken back, the API server's is not.
        #expect(try retry(ids[0]) == .done)
        #expect(try bed.state(ids[0]) == "pending/queued")
        #expect(try bed.api("SELECT count(*) FROM outbox WHERE cancelled_at IS NULL") == ["1"])
    }

    @Test func `what the API server cancelled stays so`() throws {
        let ids = try bed.insert(1)
        try bed.ingest()
        try bed.api("UPDATE outbox SET cancelled_at = 5")
        #expect(try cancel(ids[0]) == .refused(.cancelled))
        #expect(try retry(ids[0]) == .refused(.cancelled))
    }

    @Test func `what was not taken in is cancelled where the API server would`() throws {
        let id = try bed.insert(TestRow("new"))
        #expect(try cancel(id) == .done)
        try bed.ingest()
        #expect(try bed.claim(at: seconds(300)).claims.isEmpty)
        #expect(try bed.state(id) == "skipped/cancelled")
    }

    @Test func `what is under way is cancelled until its content goes out`() throws {
        let (claim, ids) = try bed.claimOne()
        #expect(try cancel(ids[0], at: seconds(61)) == .underWay)
        let check = SQLitePreSendCheck(connection: bed.sqlite.connection)
        #expect(try check.check(CheckedMail(claim), at: seconds(62)) == .changed)
    }
}
