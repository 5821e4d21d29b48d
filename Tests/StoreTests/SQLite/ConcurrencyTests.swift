import Delivery
import Foundation
import SQLite
import Store
import Synchronization
import TestSupport
import Testing

@Test func `several processes claim and finish side by side, and no mail twice`() throws {
    let bed = try SQLiteBed()
    let (mails, workers) = (120, 4)
    for number in 1...mails { try bed.insert(1, conversation: "c\(number)") }
    let claimed = Mutex<[Int64: Int]>([:])
    let problems = Mutex<[String]>([])
    let path = bed.path
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
        do {
            let store = try SQLiteStore(connection: Database.open(path: path))
            try store.connection.execute("PRAGMA synchronous = OFF")
            var idle = 0
            while idle < 3 {
                _ = try store.ingest(limit: 7, at: epoch, rules: .usual)
                let request = ClaimRequest(now: seconds(60), limit: 3, owner: Int64(worker))
                let batch = try store.claim(request, decide: RealRules(at: seconds(60)).decide)
                claimed.withLock { for one in batch.claims { $0[one.mailID, default: 0] += 1 } }
                let finished = try store.finish(
                    batch.claims.map {
                        FinishedMail(mail: InFlightMail($0), outcome: .sent, at: seconds(61))
                    })
                if !finished.lost.isEmpty { problems.withLock { $0.append("lost") } }
                idle = batch.claims.isEmpty ? idle + 1 : 0
            }
        } catch {
            problems.withLock { $0.append("\(error)") }
        }
    }
    #expect(problems.withLock(\.self) == [])
    #expect(claimed.withLock { $0.count } == mails)
    #expect(claimed.withLock { $0.values.allSatisfy { $0 == 1 } })
    #expect(try bed.api("SELECT count(*) FROM outbox_status WHERE state = 'sent'") == ["\(mails)"])
    #expect(try bed.api("SELECT count(*) FROM outboxd_rows") == ["\(mails)"])
}

@Test func `a lock of another's that is not waited for leaves everything as it was`() throws {
    let bed = try SQLiteBed()
    let ids = try bed.insert(2)
    try bed.server.execute("BEGIN IMMEDIATE")
    bed.sqlite.connection.whileBusy { _ in false }
    let error = #expect(throws: SQLiteError.self) { try bed.ingest() }
    #expect(error?.isBusy == true && !bed.sqlite.connection.isInTransaction)
    try bed.server.execute("COMMIT")
    #expect(try bed.ingest().rows == 2)
    let claim = try #require(try bed.claim(at: seconds(100)).claims.first)
    try bed.server.execute("BEGIN IMMEDIATE")
    #expect(throws: SQLiteError.self) { try bed.finish(claim, .sent, at: seconds(101)) }
    try bed.server.execute("COMMIT")
    #expect(try bed.states(ids) == ["sending", "sending"])
    #expect(try bed.finish(claim, .sent, at: seconds(101)).lost.isEmpty)
}

@Test func `a lock of another's is waited for as long as we say`() throws {
    let bed = try SQLiteBed()
    try bed.insert(1)
    try bed.server.execute("BEGIN IMMEDIATE")
    let asked = Atomic<Int>(0)
    bed.sqlite.connection.whileBusy { _ in
        if asked.add(1, ordering: .relaxed).newValue == 3 {
            // Releases the lock from the waiting itself: no second thread, no clock.
            do { try bed.server.execute("COMMIT") } catch { return false }
        }
        return true
    }
    #expect(try bed.ingest().rows == 1)
    #expect(asked.load(ordering: .relaxed) >= 3)
}

@Test func `a failure in the middle of writing down leaves no half of it`() throws {
    let bed = try SQLiteBed()
    let (claim, ids) = try bed.claimOne(2)
    try bed.api(
        """
        CREATE TRIGGER broken BEFORE UPDATE ON outboxd_rows BEGIN
            SELECT RAISE(ABORT, 'disk I/O error');
        END
        """)
    let broken = try bed.finish(claim, .sent, at: seconds(61))
    #expect(broken.unrecorded.keys.contains(claim.token) && broken.lost.isEmpty)
    #expect(try bed.states(ids) == ["sending", "sending"])
    try bed.api("DROP TRIGGER broken")
    #expect(try bed.finish(claim, .sent, at: seconds(61)).lost.isEmpty)
    #expect(try bed.states(ids) == ["sent", "sent"])
}

@Test func `a process that is killed within a transaction has written nothing`() throws {
    let bed = try SQLiteBed()
    let ids = try bed.insert(1)
    try bed.ingest()
    let script = """
        import sqlite3, sys, time
        db = sqlite3.connect(sys.argv[1], isolation_level=None)
        db.execute("BEGIN IMMEDIATE")
        db.execute("UPDATE outboxd_mails SET phase = 1, token = 5, owner = 9")
        db.execute("UPDATE outboxd_rows SET state = 2")
        print("in the middle", flush=True)
        time.sleep(600)
        """
    let child = try ChildProcess(
        "/usr/bin/env", ["python3", "-c", script, bed.path],
        environment: ChildProcess.inheritedEnvironment)
    #expect(child.waitForOutput("in the middle", in: .output))
    bed.sqlite.connection.whileBusy { _ in false }
    #expect(throws: SQLiteError.self) { try bed.claim(at: seconds(60)) }
    child.kill()
    #expect(child.waitForExit() == .signal(9))
    bed.sqlite.connection.whileBusy { $0 < .seconds(5) }
    #expect(try bed.state(ids[0]) == "pending/queued")
    #expect(try bed.claim(at: seconds(60)).claims.flatMap(\.rowIDs) == ids)
    #expect(try bed.api("PRAGMA integrity_check") == ["ok"])
}

@Test func `a connection that is dropped within a transaction has written nothing`() throws {
    let bed = try SQLiteBed()
    let ids = try bed.insert(1)
    try bed.ingest()
    do {
        let other = try bed.anotherSQLite()
        try other.connection.execute("BEGIN IMMEDIATE")
        let request = ClaimRequest(now: seconds(60), limit: 5, owner: 7)
        #expect(
            try other.claim(request, decide: RealRules(at: seconds(60)).decide).claims.count == 1)
    }
    #expect(try bed.state(ids[0]) == "pending/queued")
    #expect(try bed.claim(at: seconds(60)).claims.count == 1)
}

@Test func `random interleavings keep every row, each in one mail and one state`() throws {
    for seed in UInt64(1)...12 {
        var generator = SplitMix64(seed: seed)
        let bed = try SQLiteBed()
        var claims: [Claim] = []
        var sent: [Int64: Int] = [:]
        var inserted = 0
        for step in 0..<150 {
            let now = seconds(Int64(step * 7))
            switch Int.random(in: 0..<8, using: &generator) {
            case 0, 1:
                inserted += 1
                try bed.insert(
                    TestRow("m\(inserted)").with {
                        $0.conversation = "c\(inserted % 3)"
                        ($0.created, $0.instant) = (now, Bool.random(using: &generator))
                        $0.audience = inserted % 5 == 0 ? "operator" : "visitor"
                    })
            case 2: try bed.ingest(limit: 3, at: now)
            case 3, 4: claims += try bed.claim(at: now, limit: 2).claims
            case 5: try bed.review(at: now)
            default:
                guard let claim = claims.popLast() else { continue }
                let outcomes: [FinishedMail.Outcome] = [
                    .sent, .sent, .deferred(dueAt: now + .seconds(30), expired: []),
                    .returned(dueAt: nil, takenOver: false),
                    .uncertain(dueAt: now + .seconds(20), frozen: .sample()),
                ]
                let outcome = outcomes.randomElement(using: &generator) ?? .sent
                if case .sent = outcome { for id in claim.rowIDs { sent[id, default: 0] += 1 } }
                #expect(try bed.finish(claim, outcome, at: now).lost.isEmpty)
            }
        }
        // Everything that is left goes out in the end.
        for round in 0..<200 {
            let now = seconds(5_000 + Int64(round) * 100)
            try bed.ingest(at: now)
            claims += try bed.claim(at: now).claims
            if claims.isEmpty { break }
            for claim in claims {
                for id in claim.rowIDs { sent[id, default: 0] += 1 }
                try bed.finish(claim, .sent, at: now)
            }
            claims = []
        }
        #expect(sent.count == inserted, "seed \(seed)")
        #expect(sent.values.allSatisfy { $0 == 1 }, "seed \(seed)")
        #expect(try bed.api("SELECT count(*) FROM outboxd_mails WHERE phase < 2") == ["0"])
        #expect(
            try bed.api("SELECT count(*) FROM outbox_status WHERE state = 'sent'") == [
                "\(inserted)"
            ]
        )
    }
}
