import CSQLite
import Delivery
@testable import SQLite
import Store
import TestSupport
import Testing

/// "What can't go … is not in line at all: a claim looks at no more rows than it returns plus a constant"
/// (issue: Standing in line), counted in steps of SQLite's virtual machine.
/// https://sqlite.org/c3ref/c_stmtstatus_counter.html
struct StandingInLineTests {
    /// Why so many mails of helpdesk `big` wait.
    enum Obstacle: String, CaseIterable, Sendable {
        case pausedByOperator, everythingPaused, pausedByHelpdesk, noSender, blockedSender, behind
        case notDue
    }

    /// A bed in which `count` mails wait behind the obstacle, and one mail of helpdesk `other` is due.
    private func bed(_ obstacle: Obstacle, _ count: Int) throws -> SQLiteBed {
        let bed = try SQLiteBed()
        let from = obstacle == .noSender ? "" : "big@acme.test"
        try bed.server.execute(
            """
            INSERT INTO helpdesks (id, name, from_address, paused)
            VALUES ('big', 'Big', '\(from)', \(obstacle == .pausedByHelpdesk ? 1 : 0));
            INSERT INTO helpdesks (id, name, from_address) VALUES ('other', 'O', 'other@acme.test')
            """)
        if obstacle == .pausedByOperator { try bed.sqlite.pause(helpdesk: "big", at: epoch) }
        if obstacle == .everythingPaused { try bed.sqlite.pause(helpdesk: "", at: epoch) }
        let created = obstacle == .notDue ? seconds(10_000) : epoch
        try bed.server.transaction {
            for number in 0..<count {
                try bed.server.statement(
                    """
                    INSERT INTO outbox (helpdesk_id, conversation_id, message_id, recipient_email,
                        body_text, created_at) VALUES ('big', ?, ?, ?, 'Hi', ?)
                    """
                ).bind(obstacle == .behind ? "c\(number / 2)" : "c\(number)").bind("m\(number)")
                    .bind("ann@example.test").bind(created.milliseconds).run()
            }
        }
        while try bed.ingest(limit: 2_000, at: epoch).hasMore {}
        if obstacle == .blockedSender {
            try bed.api(
                """
                INSERT INTO outboxd_senders (address, blocked_at, failures, probe_at)
                VALUES ('big@acme.test', 0, 1, \(seconds(100_000).milliseconds))
                """)
        }
        if obstacle == .behind {
            try bed.server.execute(
                """
                UPDATE outboxd_mails SET wait = 4;
                UPDATE outboxd_lines SET first_due = NULL
                """)
        }
        // The first claim parks the line.
        for _ in 0..<2 { _ = try claim(bed) }
        try bed.insert(TestRow("o").with { ($0.helpdesk, $0.instant) = ("other", true) })
        try bed.ingest(at: seconds(70))
        return bed
    }

    private func claim(_ bed: SQLiteBed) throws -> ClaimedBatch {
        let rules = { (candidate: Candidate) -> ClaimDecision in
            guard let from = candidate.helpdesk?.fromAddress, !from.isEmpty else {
                return ClaimDecision(.waitForSender(nil))
            }
            if candidate.blockedSenders.contains(from) {
                return ClaimDecision(.waitForSender(from))
            }
            return ClaimDecision(
                .send(rows: candidate.rows.map(\.id), sender: from, emailMessageID: "<m@x>"))
        }
        return try bed.store.claim(
            ClaimRequest(now: seconds(70), limit: 8, urgent: 8, behind: 2, owner: 1), decide: rules)
    }

    /// What the statements of a claim, and of the questions before it, cost.
    private func steps(_ bed: SQLiteBed, _ body: () throws -> Void) rethrows -> Int {
        _ = count(bed, reset: true)
        try body()
        return count(bed, reset: false)
    }

    private func count(_ bed: SQLiteBed, reset: Bool) -> Int {
        var total = 0
        var statement = sqlite3_next_stmt(bed.sqlite.connection.handle, nil)
        while let current = statement {
            total += Int(sqlite3_stmt_status(current, SQLITE_STMTSTATUS_VM_STEP, reset ? 1 : 0))
            statement = sqlite3_next_stmt(bed.sqlite.connection.handle, current)
        }
        return total
    }

    @Test(arguments: Obstacle.allCases)
    func `what can't go costs a claim nothing, however much of it waits`(obstacle: Obstacle) throws
    {
        var costs: [Int] = []
        for waiting in [20, 20_000] {
            let bed = try bed(obstacle, waiting)
            costs.append(
                try steps(bed) {
                    let request = ClaimRequest(now: seconds(70), limit: 8, owner: 1)
                    _ = try bed.store.hasDue(request)
                    _ = try bed.store.nextDue(request)
                    _ = try bed.store.hasDeferred(orForSender: true)
                    let claims = try claim(bed).claims
                    #expect(claims.count == (obstacle == .everythingPaused ? 0 : 1))
                })
        }
        #expect(costs[1] <= costs[0] + 500, "\(costs)")
    }

    /// The issue: they cost the same with a million rows waiting.
    @Test func `pausing, resuming and unblocking touch no mail`() throws {
        var costs: [[Int]] = []
        for waiting in [20, 20_000] {
            let bed = try bed(.pausedByOperator, waiting)
            let resume = try steps(bed) { _ = try bed.sqlite.resume(helpdesk: "big") }
            let pause = try steps(bed) { try bed.sqlite.pause(helpdesk: "big", at: epoch) }
            let all = try steps(bed) { try bed.sqlite.pause(helpdesk: "", at: epoch) }
            let none = try steps(bed) { _ = try bed.sqlite.resume(helpdesk: "") }
            costs.append([resume, pause, all, none])
        }
        for (few, many) in zip(costs[0], costs[1]) { #expect(many <= few + 100, "\(costs)") }
    }

    /// The issue: those that are skipped are replaced within the same transaction.
    @Test func `mails that need not go are replaced by the next ones in the same claim`() throws {
        let bed = try SQLiteBed()
        for number in 0..<300 { try bed.insert(1, conversation: "read\(number)") }
        for number in 0..<4 {
            try bed.insert(
                TestRow("m\(number)").with {
                    ($0.conversation, $0.created) = ("c\(number)", seconds(1))
                })
        }
        try bed.ingest(at: seconds(2))
        try bed.api(
            """
            INSERT INTO read_markers (helpdesk_id, conversation_id, reader_email, last_read_at)
            SELECT helpdesk_id, conversation_id, recipient_email, created_at FROM outbox
            WHERE conversation_id LIKE 'read%'
            """)
        let batch = try bed.claim(at: seconds(100), limit: 4)
        #expect(batch.claims.count == 4 && batch.skipped.count == 300)
    }

    /// A claim that finds nothing for 2,000 mails gives the write lock back.
    @Test func `a claim looks at a bounded number in vain`() throws {
        let bed = try SQLiteBed()
        try bed.server.transaction {
            for number in 0..<2_500 {
                try bed.server.execute(
                    """
                    INSERT INTO outbox (helpdesk_id, conversation_id, message_id, recipient_email,
                        body_text, created_at)
                    VALUES ('h', 'c\(number)', 'm\(number)', 'ann@example.test', 'Hi',
                        \(epoch.milliseconds))
                    """)
            }
        }
        while try bed.ingest(limit: 2_000).hasMore {}
        try bed.api("UPDATE outbox SET cancelled_at = 1")
        let first = try bed.claim(at: seconds(100), limit: 4)
        #expect(first.skipped.count == 2_000)
        #expect(try bed.claim(at: seconds(100), limit: 4).skipped.count == 500)
    }

    /// Round robin between helpdesks, from claim to claim.
    @Test func `instant mails of all helpdesks take turns`() throws {
        let bed = try SQLiteBed()
        for helpdesk in ["a", "b", "c"] {
            for number in 0..<6 {
                try bed.insert(
                    TestRow("\(helpdesk)\(number)").with {
                        ($0.helpdesk, $0.conversation, $0.instant) = (helpdesk, "c\(number)", true)
                    })
            }
        }
        try bed.ingest()
        var order = ""
        for _ in 0..<6 {
            for claim in try bed.claim(at: seconds(1), limit: 2).claims {
                order += claim.key.helpdeskID
            }
        }
        #expect(order == "abcabcabcabc")
    }
}
