import Delivery
import SQLite
import Store
import TestSupport
import Testing

@Test func `a row that is not ingested yet is due by the daemon's hold`() throws {
    let bed = try SQLiteBed()
    let id = try bed.insert(TestRow("m"))
    #expect(try bed.dueAt(id) == seconds(60))
    try bed.sqlite.follow(hold: .seconds(5), of: .run)
    #expect(try bed.dueAt(id) == seconds(5))
    let instant = try bed.insert(TestRow("n").with { $0.instant = true })
    #expect(try bed.dueAt(instant) == epoch)
    #expect(try bed.status("attempts || uncertain", id) == "00")
}

@Test func `a due row waits for the relay while that is down`() throws {
    let bed = try SQLiteBed()
    let due = try bed.insert(TestRow("m"))
    let held = try bed.insert(
        TestRow("n").with {
            ($0.conversation, $0.created) = ("d", WallTime(milliseconds: 4_000_000_000_000))
        })
    try bed.ingest()
    try bed.sqlite.note(relay: RelayStatus(state: .down), at: epoch)
    #expect(try bed.states([due, held]) == ["pending/relay", "pending/hold"])
    try bed.sqlite.note(relay: RelayStatus(state: .up), at: epoch)
    #expect(try bed.states([due, held]) == ["pending/queued", "pending/hold"])
}

@Test func `a pause is shown before anything else, but not over an uncertain mail`() throws {
    let bed = try SQLiteBed()
    let waiting = try bed.insert(TestRow("m"))
    try bed.ingest()
    let claim = try #require(try bed.claim(at: seconds(60)).claims.first)
    try bed.finish(
        claim, .uncertain(dueAt: nil, frozen: .sample()), at: seconds(61), error: .silence)
    let other = try bed.insert(TestRow("n").with { $0.conversation = "d" })
    try bed.sqlite.pause(helpdesk: "", at: epoch)
    #expect(try bed.states([waiting, other]) == ["pending/uncertain", "pending/paused"])
    #expect(try bed.sqlite.resume(helpdesk: ""))
    #expect(try bed.state(other) == "pending/queued")
}

@Test(arguments: [
    #"say "hello" \ and C:\temp"#, "naïve – ünïcode 🎉", "", "a'b; DROP TABLE outbox",
    #"\"#, #"\""#,
])
func `last_error is JSON whatever the relay says`(_ text: String) throws {
    let bed = try SQLiteBed()
    let (claim, ids) = try bed.claimOne()
    try bed.finish(
        claim, .deferred(dueAt: seconds(90), expired: []), at: seconds(61),
        error: DeliveryError(stage: .connect, text: text))
    #expect(try bed.api("SELECT json_valid(last_error) FROM outbox_status") == ["1"])
    #expect(try bed.api("SELECT last_error ->> '$.text' FROM outbox_status") == [text])
    #expect(try bed.api("SELECT last_error ->> '$.stage' FROM outbox_status") == ["connect"])
    #expect(try bed.api("SELECT last_error -> '$.code' FROM outbox_status") == ["null"])
    #expect(ids.count == 1)
}

@Test func `a row that never reached a relay has an error without a stage`() throws {
    let bed = try SQLiteBed()
    try bed.insert(TestRow("m").with { $0.to = "not-an-address" })
    try bed.ingest()
    #expect(try bed.api("SELECT json_valid(last_error) FROM outbox_status") == ["1"])
    #expect(try bed.api("SELECT last_error -> '$.stage' FROM outbox_status") == ["null"])
}

@Test func `an inbound mail's In-Reply-To finds its conversation by an index`() throws {
    let bed = try SQLiteBed()
    let plan = try bed.server.plan(
        """
        SELECT o.conversation_id FROM outbox_status s JOIN outbox o ON o.id = s.id
        WHERE s.email_message_id = ?
        """)
    #expect(plan.contains { $0.contains("outboxd_mails_message_id") })
    #expect(!plan.contains { $0.hasPrefix("SCAN") })
}

@Test func `one row's status is found by its id`() throws {
    let plan = try SQLiteBed().server.plan("SELECT * FROM outbox_status WHERE id = ?")
    // One row each, which has no table.
    let scans = plan.filter { $0.hasPrefix("SCAN") && !$0.contains("CONSTANT ROW") }
    #expect(scans.allSatisfy { $0.hasPrefix("SCAN (subquery-") }, "\(scans)")
}

extension Connection {
    /// The steps of EXPLAIN QUERY PLAN.
    func plan(_ sql: String) throws -> [String] {
        try statement("EXPLAIN QUERY PLAN " + sql).all { $0.text(3) }
    }
}
