import Delivery
import SQLite
import TestSupport
import Testing

@testable import Store

/// "The same reply under two spellings of one address (case, white space) is one notification".
///
/// See `StoreConformance+Ingesting` for what becomes of it in any store.
struct SpellingTests {
    private let bed: SQLiteBed

    init() throws { bed = try SQLiteBed() }

    private func insert(
        _ address: String, _ message: String = "m", helpdesk: String = "h"
    ) throws -> Int64 {
        try bed.insert(TestRow(message).with { ($0.to, $0.helpdesk) = (address, helpdesk) })
    }

    /// In how many mails the rows are.
    private func mails() throws -> Int {
        try bed.api("SELECT DISTINCT mail_id FROM outboxd_rows").count
    }

    private func send(_ outcome: FinishedMail.Outcome) throws {
        for claim in try bed.claim(at: seconds(60)).claims {
            try bed.finish(claim, outcome, at: seconds(61))
        }
    }

    /// Makes the rows what one of steps 5 to 8 would have left.
    private func makeFormer(message: String = "m", recipient: String) throws {
        let identity = RowIdentity(helpdeskID: "h", messageID: message, recipient: recipient)
        try bed.api("UPDATE outboxd_rows SET identity = \(identity.former)")
        try bed.api("INSERT INTO outboxd_former_identities SELECT max(id) FROM outboxd_rows")
    }

    @Test(arguments: [false, true])
    func `what became of the first becomes of the second`(isFormer: Bool) throws {
        let first = try insert("ann@example.test")
        try bed.ingest()
        try send(.failed(.rejected))
        if isFormer { try makeFormer(recipient: "ann@example.test") }
        let second = try insert("ANN@example.test")
        try bed.ingest(at: seconds(70))
        #expect(try bed.states([first, second]) == ["failed/rejected", "failed/rejected"])
        #expect(try bed.claim(at: seconds(1_000)).claims.isEmpty)
    }

    @Test func `a deleted row counts no more`() throws {
        let first = try insert("ann@example.test")
        try bed.ingest()
        try send(.sent)
        try bed.delete(first)
        let second = try insert("ANN@example.test")
        try bed.ingest(at: seconds(70))
        #expect(try bed.claim(at: seconds(200)).claims.map(\.rowIDs) == [[second]])
    }

    /// As `INSERT OR REPLACE` does it: the same notification has another id.
    @Test(arguments: ["sending", "uncertain", "waiting"])
    func `a row that replaces one goes with its mail where that may arrive`(_ state: String) throws
    {
        let first = try insert("ann@example.test")
        try bed.ingest()
        let claim = try #require(try bed.claim(at: seconds(60)).claims.first)
        let copy = FrozenMail.sample()
        switch state {
        case "sending": break
        case "uncertain":
            try bed.finish(claim, .uncertain(dueAt: seconds(90), frozen: copy), at: seconds(61))
        default: try bed.finish(claim, .deferred(dueAt: seconds(90), expired: []), at: seconds(61))
        }
        try bed.delete(first)
        let second = try insert("ann@example.test")
        try bed.ingest(at: seconds(70))
        #expect(try mails() == 1)
        if state == "sending" { try bed.finish(claim, .sent, at: seconds(71)) }
        let claims = try bed.claim(at: seconds(200)).claims
        #expect(claims.map(\.rowIDs) == (state == "sending" ? [] : [[second]]))
        #expect(claims.first?.frozen == (state == "uncertain" ? copy : nil))
        #expect(claims.allSatisfy { $0.emailMessageID == claim.emailMessageID })
        #expect(try bed.state(second) == (state == "sending" ? "sent" : "sending"))
        if state == "uncertain" { #expect(try bed.status("uncertain", second) == "1") }
    }

    @Test func `another helpdesk, or another message, is another notification`() throws {
        _ = try insert("ann@example.test")
        try bed.ingest()
        try send(.sent)
        let others = [
            try insert("ANN@example.test", helpdesk: "h2"), try insert("ANN@example.test", "m2"),
        ]
        try bed.ingest(at: seconds(70))
        #expect(try Set(bed.claim(at: seconds(200)).claims.flatMap(\.rowIDs)) == Set(others))
    }

    @Test func `a reply to two thousand is looked through for nobody`() throws {
        func spell(_ spelling: String) throws {
            try bed.api(
                """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
                INSERT INTO outbox (helpdesk_id, conversation_id, message_id, recipient_email, body_text)
                SELECT 'h', 'c', 'm', '\(spelling)' || i || '@example.test', 'x' FROM n
                """)
        }
        try spell("ann")
        while try bed.ingest(at: WallTime(milliseconds: .max / 2)).hasMore {}
        let connection = bed.sqlite.connection
        let before = connection.statementCosts.reduce(0) { $0 + $1.instructions }
        try spell("ANN")
        while try bed.ingest(at: WallTime(milliseconds: .max / 2)).hasMore {}
        #expect(try mails() == 2_000)
        let after = connection.statementCosts.reduce(0) { $0 + $1.instructions }
        #expect(after - before < 2_000 * 1_000)
    }

    /// An API server's own migrations may have left the constraint out, or have its columns in another order.
    @Test(arguments: [
        "", ", UNIQUE (recipient_email, message_id, helpdesk_id)", ", UNIQUE (message_id, id)",
    ])
    func `the API server's constraint does not matter`(constraint: String) throws {
        let columns = try bed.api("SELECT sql FROM sqlite_master WHERE name = 'outbox'")[0]
        let made = columns.replacing(
            ",\n    UNIQUE (helpdesk_id, message_id, recipient_email)", with: constraint)
        try #require(made != columns)
        try bed.server.execute("DROP TABLE outbox; \(made)")
        let first = try insert("ann@example.test")
        try bed.ingest()
        try send(.sent)
        let second = try insert(" Ann@example.test")
        try bed.ingest(at: seconds(70))
        #expect(try bed.states([first, second]) == ["sent", "sent"])
    }

    // MARK: Rows of older steps

    /// The row that is asked for would go with the first; the second spelling would not go again.
    @Test(arguments: [false, true])
    func `a preview knows the reply, too`(isFormer: Bool) throws {
        let first = try insert("ann@example.test")
        try bed.ingest()
        if isFormer { try makeFormer(recipient: "ann@example.test") }
        _ = try insert("ANN@example.test")
        let asked = try insert("ann@example.test", "m2")
        let draft = try SQLiteReader(Database.open(path: bed.path, readOnly: true)).draft(
            of: asked, at: seconds(60), rules: .usual, decide: RealRules(at: seconds(60)).decide)
        #expect(draft?.claim?.rowIDs == [first, asked])
    }

    @Test(arguments: [false, true])
    func `a row of an older step is no other row`(isOldest: Bool) throws {
        let id = try insert("ann@example.test", "message-7")
        try bed.ingest()
        try makeFormer(message: "message-7", recipient: "ann@example.test")
        if isOldest {
            var hash = FNV1a64()
            hash.combine("message-7")
            try bed.api("UPDATE outboxd_rows SET identity = \(Int64(bitPattern: hash.value))")
        }
        #expect(try bed.claim(at: seconds(60)).claims.map(\.rowIDs) == [[id]])
        try bed.api("UPDATE outboxd_rows SET state = 2, finished_at = 0")
        #expect(try bed.store.findLateInserts(from: nil, limit: 9) { true }.usedAgain == [])
        // Another reply under the id is told from it.
        try bed.api("UPDATE outbox SET message_id = 'message-8'")
        #expect(try bed.store.findLateInserts(from: nil, limit: 9) { true }.usedAgain == [id])
    }

    // MARK: Pages

    /// With a hash alone each row changed a page of its own: half of all that was written.
    @Test(arguments: ["printf('m%07d', 7000 + n)", "printf('01890a5d-%04x-7abc-8def-1234', n)"])
    func `new rows change few pages of a large index`(message: String) throws {
        func pages(_ finished: Int) throws -> Int {
            let bed = try SQLiteBed()
            try LargeOutbox(finished: finished, waiting: 0, now: epoch).fill(bed.server)
            let store = try bed.anotherSQLite()
            try bed.api(
                """
                WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 400)
                INSERT INTO outbox (helpdesk_id, conversation_id, message_id, recipient_email, body_text)
                SELECT 'desk-1', n, \(message), n || '@example.test', 'x' FROM n
                """)
            _ = try bed.server.checkpoint(.truncate, patience: .seconds(5))
            try bed.ingest(from: store)
            return store.connection.logPages
        }
        let (few, many) = (try pages(100), try pages(40_000))
        #expect(many < few + 40, "\(many) pages, \(few) in a small table")
    }
}
