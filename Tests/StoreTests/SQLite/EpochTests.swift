import Delivery
import SQLite
import TestSupport
import Testing

@testable import Store

/// What the epoch counts, when everything is held, and how that ends.
struct EpochTests {
    private let bed: SQLiteBed
    private let note = NoteInMemory()
    private var store: SQLiteStore { bed.sqlite }

    init() throws {
        bed = try SQLiteBed()
        bed.sqlite.epochNote = note
    }

    private func number() throws -> Int64 {
        try #require(try store.connection.epochRow()).epoch.number
    }

    private var notedNumber: Int64? {
        if case .epoch(let epoch) = note.noted { epoch.number } else { nil }
    }

    /// Sends a mail, with a file beside the database.
    @discardableResult
    private func sendOne(_ conversation: String = "c") throws -> [Int64] {
        _ = try store.settleEpoch(isRunning: false, at: epoch)
        let ids = try bed.insert(1, conversation: conversation)
        try bed.ingest()
        let claim = try #require(try bed.claim(at: seconds(60)).claims.first)
        try bed.finish(claim, .sent, at: seconds(61))
        return ids
    }

    /// As a copy from `steps` before is: everything else stays.
    private func goBack(_ steps: Int64) throws {
        try bed.api("UPDATE outboxd_epoch SET number = number - \(steps)")
    }

    // MARK: Counting

    @Test func `a claim counts, and what was sent; once for each transaction`() throws {
        #expect(try store.settleEpoch(isRunning: false, at: epoch) == nil)
        try bed.insert(2)
        try bed.ingest()
        #expect(try number() == 0)
        let claims = try bed.claim(at: seconds(61)).claims
        #expect(try number() == 1 && notedNumber == 1)
        #expect(try bed.claim(at: seconds(61)).claims.isEmpty)
        #expect(try number() == 1, "nothing was claimed")
        try bed.finish(try #require(claims.first), .sent, at: seconds(62))
        #expect(try number() == 2 && notedNumber == 2)
        try bed.insert(2, conversation: "d")
        try bed.insert(2, conversation: "e")
        try bed.ingest()
        let more = try store.inTransaction { try bed.claim(at: seconds(63)).claims.count }
        #expect(more == 2)
        #expect(try number() == 3 && notedNumber == 3)
    }

    @Test func `what certainly did not go out does not count, what may have does`() throws {
        let (claim, ids) = try bed.claimOne()
        let before = try number()
        try bed.finish(claim, .deferred(dueAt: seconds(70), expired: []), at: seconds(61))
        #expect(try number() == before)
        let again = try #require(try bed.claim(at: seconds(71)).claims.first)
        #expect(try number() == before + 1)
        try bed.finish(
            again, .uncertain(dueAt: nil, frozen: .sample()), at: seconds(72), error: .silence)
        #expect(try number() == before + 2)
        _ = try store.resolve(row: ids[0], as: .sent, at: seconds(80))
        #expect(try number() == before + 3, "an operator's word that it was sent")
    }

    @Test func `what is rolled back does not count, and is not noted`() throws {
        struct Stop: Error {}
        #expect(try store.settleEpoch(isRunning: false, at: epoch) == nil)
        try bed.insert(1)
        try bed.ingest()
        #expect(throws: Stop.self) {
            try store.inTransaction {
                _ = try bed.claim(at: seconds(60))
                throw Stop()
            }
        }
        #expect(try number() == 0 && notedNumber == 0)
        try bed.insert(1, conversation: "other")
        try bed.ingest()
        #expect(try number() == 0, "the next transaction owes nothing")
    }

    // MARK: Noticing

    @Test func `a new database and an upgraded one go on, and get a file`() throws {
        #expect(try store.settleEpoch(isRunning: false, at: epoch) == nil)
        #expect(notedNumber == 0)
        try sendOne()
        // As after the step that brought the table.
        try bed.api("UPDATE outboxd_epoch SET number = 0, is_noted = 0")
        note.noted = .absent
        #expect(try store.settleEpoch(isRunning: false, at: epoch) == nil)
        #expect(notedNumber == 0)
    }

    @Test func `a database that went back is held, and stays so`() throws {
        try sendOne()
        try goBack(1)
        let other = try bed.anotherSQLite()
        other.epochNote = note
        let waiting = try bed.insert(2, conversation: "late")
        let news = try other.settleEpoch(isRunning: false, at: seconds(100))
        let restoration = OutboxView.Restoration(
            since: seconds(100), sign: .newer, lastSentAt: seconds(61))
        #expect(news == .held(restoration, rows: 2, isNew: true))
        try bed.ingest(at: seconds(101))
        #expect(try bed.states(waiting) == ["pending/restored", "pending/restored"])
        #expect(try bed.claim(at: seconds(200)).claims.isEmpty)
        #expect(try bed.claim(at: seconds(200)) { $0.ignoredPauses = [""] }.claims.isEmpty)
        #expect(try bed.nextDue() == nil)
        #expect(try store.isHeldAsRestored())
        #expect(try number() == 1, "it must not catch up with what stands beside it")
        // A start later finds the same, whatever stands there.
        note.noted = .absent
        #expect(
            try other.settleEpoch(isRunning: false, at: seconds(300))
                == .held(restoration, rows: 2, isNew: false))
    }

    @Test func `one that was restored in place under a running process claims nothing more`()
        throws
    {
        try sendOne()
        try bed.insert(1, conversation: "waits")
        try bed.ingest()
        try goBack(1)
        #expect(try bed.claim(at: seconds(200)).claims.isEmpty)
        #expect(try bed.nextDue() == nil)
        #expect(try number() == 1)
        #expect(try store.isEpochInDoubt())
        #expect(try store.connection.epochRow()?.heldSince == nil)
        _ = try store.settleEpoch(isRunning: true, at: seconds(201))
        #expect(try store.connection.epochRow()?.heldSince == seconds(201))
    }

    @Test func `an operator's word does not let a restored database catch up`() throws {
        let (claim, ids) = try bed.claimOne()
        _ = try store.settleEpoch(isRunning: false, at: epoch)
        try bed.finish(
            claim, .uncertain(dueAt: nil, frozen: .sample()), at: seconds(61), error: .silence)
        try goBack(1)
        _ = try store.resolve(row: ids[0], as: .sent, at: seconds(80))
        #expect(try number() == 1 && notedNumber == 2)
    }

    @Test func `a file that vanishes under a running process is made anew`() throws {
        try sendOne()
        note.noted = .absent
        #expect(try store.isEpochInDoubt())
        #expect(try store.settleEpoch(isRunning: true, at: seconds(70)) == nil)
        #expect(notedNumber == 2)
        note.noted = .absent
        let news = try store.settleEpoch(isRunning: false, at: seconds(70))
        guard case .held(let restoration, _, true) = news else {
            Issue.record("\(String(describing: news))")
            return
        }
        #expect(restoration.sign == .missing)
    }

    @Test func `one that can't be made holds nothing, now and at the next start`() throws {
        try sendOne()
        note.noted = .outOfReach("a directory")
        note.problem = "a directory"
        for _ in 0..<2 {
            #expect(
                try store.settleEpoch(isRunning: false, at: seconds(70))
                    == .unwritable("a directory"))
            note.noted = .absent
        }
        #expect(try !store.isHeldAsRestored())
    }

    @Test func `a row of the table that somebody deleted is made again, and holds`() throws {
        try sendOne()
        try bed.api("DELETE FROM outboxd_epoch")
        #expect(try bed.claim(at: seconds(70)).claims.isEmpty)
        _ = try store.settleEpoch(isRunning: false, at: seconds(70))
        #expect(try store.connection.epochRow()?.heldSince != nil, "it is another lineage now")
    }

    @Test(arguments: [Int64.max, Int64.min, -1, Epoch.greatest])
    func `a number that never was stops nothing`(_ wild: Int64) throws {
        _ = try store.settleEpoch(isRunning: false, at: epoch)
        try bed.api("UPDATE outboxd_epoch SET number = \(wild)")
        note.noted = .absent
        let ids = try bed.insert(1)
        try bed.ingest()
        _ = try bed.claim(at: seconds(60))
        #expect(try bed.state(ids[0]) == "sending")
        note.noted = .epoch(Epoch(lineage: 1, number: Epoch.greatest))
        _ = try store.settleEpoch(isRunning: false, at: seconds(61))
        _ = try store.releaseRestored(by: OperatorNote(who: "ann"), at: seconds(62))
        #expect(try !store.isHeldAsRestored())
        #expect((1...Epoch.greatest).contains(try number()))
    }

    // MARK: Showing

    @Test func `every reader says restored, and uncertain ones stay what they are`() throws {
        let (claim, uncertain) = try bed.claimOne()
        _ = try store.settleEpoch(isRunning: false, at: epoch)
        try bed.finish(
            claim, .uncertain(dueAt: nil, frozen: .sample()), at: seconds(61), error: .silence)
        let waiting = try bed.insert(1, conversation: "waits")
        try bed.ingest(at: seconds(62))
        let new = try bed.insert(1, conversation: "new")
        try goBack(1)
        try store.pause(helpdesk: "", by: OperatorNote(who: "ann"), at: seconds(63))
        // Before any outboxd that may write has noticed.
        for noticed in [false, true] {
            if noticed { _ = try store.settleEpoch(isRunning: false, at: seconds(64)) }
            let reader = SQLiteReader(bed.server, note: note)
            let now = seconds(65)
            let restored = try reader.list(
                OutboxView.Filter(reasons: ["restored"]), limit: 10, at: now
            ).map(\.id)
            #expect(restored == [new[0], waiting[0]])
            #expect(try reader.numbers(at: now).waiting == [.restored: 2, .uncertain: 1])
            let restoration = try #require(try reader.restoration())
            #expect(restoration.since == (noticed ? seconds(64) : nil))
            #expect(try reader.health(at: now).restoration == restoration)
            #expect(try reader.story(of: waiting[0], at: now)?.row.reason == "restored")
        }
        #expect(
            try bed.states(new + waiting + uncertain)
                == ["pending/restored", "pending/restored", "pending/uncertain"])
    }

    /// Such as the one that metrics are read with, which is kept.
    @Test func `a reader that was opened before the file was made does not miss it`() throws {
        let early = SQLiteReader(bed.server, note: note)
        try sendOne()
        #expect(try early.restoration() == nil)
        note.noted = .absent
        #expect(try early.restoration()?.sign == .missing)
    }

    @Test func `a reader's snapshot is not compared with what was raised after it`() throws {
        try sendOne()
        try bed.insert(1, conversation: "d")
        try bed.ingest()
        let reader = SQLiteReader(bed.server, note: note)
        let (seen, claimed) = try bed.server.snapshot {
            // The snapshot begins with the first read.
            _ = try reader.heldRestoration()
            let claimed = try bed.claim(at: seconds(99)).claims.count
            return (try reader.readRestoration(), claimed)
        }
        #expect(seen == nil && claimed == 1 && notedNumber == 3)
    }

    @Test func `what is held does not age`() throws {
        try sendOne()
        try goBack(1)
        _ = try store.settleEpoch(isRunning: false, at: seconds(100))
        try store.pause(helpdesk: "", by: OperatorNote(who: "ann"), at: seconds(110))
        _ = try store.resume(helpdesk: "", by: OperatorNote(who: "ann"), at: seconds(120))
        let history = try store.pauseHistory(of: "h1")
        #expect(history.total(since: seconds(90), to: seconds(150)) == .seconds(50))
        _ = try store.releaseRestored(by: OperatorNote(who: "ann"), at: seconds(130))
        #expect(
            try store.pauseHistory(of: nil).total(since: seconds(90), to: seconds(150))
                == .seconds(30))
    }

    // MARK: Releasing

    @Test func `a release lets it go for good, and the number goes beyond both`() throws {
        try sendOne()
        try goBack(2)
        _ = try store.settleEpoch(isRunning: false, at: seconds(100))
        let ids = try bed.insert(1, conversation: "late")
        try bed.ingest(at: seconds(101))
        #expect(try !store.resume(helpdesk: "", by: OperatorNote(who: "ann"), at: seconds(102)))
        #expect(try bed.claim(at: seconds(200)).claims.isEmpty, "a plain resume ends pauses alone")
        let ann = OperatorNote(who: "ann", why: "looked")
        #expect(
            try store.releaseRestored(by: ann, at: seconds(103)) == .released(problem: nil))
        #expect(try number() == 3 && notedNumber == 3)
        #expect(try store.settleEpoch(isRunning: false, at: seconds(104)) == nil)
        #expect(try bed.claim(at: seconds(200)).claims.flatMap(\.rowIDs) == ids)
        #expect(try store.releaseRestored(by: ann, at: seconds(105)) == .notHeld)
        let deeds = try bed.api(
            "SELECT what || ' by ' || who || coalesce(': ' || why, '') FROM outboxd_deeds ORDER BY id"
        )
        #expect(
            deeds == [
                "held: the database was restored by outboxd",
                "released after the database was restored by ann: looked",
            ])
    }

    @Test func `one that no outboxd has noticed so far is released all the same`() throws {
        try sendOne()
        note.noted = .absent
        let ann = OperatorNote(who: "ann")
        #expect(try store.releaseRestored(by: ann, at: seconds(100)) == .released(problem: nil))
        #expect(try number() == 3 && notedNumber == 3)
    }

    @Test func `a release goes through where no file can be written, and lasts`() throws {
        try sendOne()
        note.noted = .absent
        _ = try store.settleEpoch(isRunning: false, at: seconds(100))
        note.problem = "read-only"
        #expect(
            try store.releaseRestored(by: OperatorNote(who: "ann"), at: seconds(101))
                == .released(problem: "read-only"))
        #expect(
            try store.settleEpoch(isRunning: false, at: seconds(102)) == .unwritable("read-only"))
    }
}
