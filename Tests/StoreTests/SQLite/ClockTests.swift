import Delivery
import SQLite
import Store
import TestSupport
import Testing

private func jump(_ from: Duration, _ to: Duration) -> Duration? {
    let by = to - from
    return by >= .seconds(1) || by <= .seconds(-1) ? by : nil
}

@Test(arguments: [Int64(3_600), -3_600])
func `when the clock is set, every waiting time moves with it, once`(_ by: Int64) throws {
    let bed = try SQLiteBed()
    let other = try bed.anotherSQLite()
    func follow(_ store: SQLiteStore, _ offset: Int64) throws -> Duration? {
        try store.followClock(
            bootID: "boot", offset: .seconds(offset), at: seconds(offset - 700), jump: jump)
    }
    #expect(try follow(bed.sqlite, 1_000) == nil)
    let claim = try #require(try bed.claimMany(1).first)
    try bed.finish(
        claim, .deferred(dueAt: seconds(300), expired: []), at: seconds(61), error: .later)
    let held = try bed.insert(1)
    try bed.ingest()
    #expect(try follow(other, 1_000) == nil)
    #expect(try bed.dueAt(claim.rowIDs[0]) == seconds(300))
    #expect(try follow(bed.sqlite, 1_000 + by) == .seconds(by))
    #expect(try follow(other, 1_000 + by) == nil)
    #expect(try follow(bed.sqlite, 1_000 + by) == nil)
    #expect(try bed.dueAt(claim.rowIDs[0]) == seconds(300 + by))
    #expect(try bed.dueAt(held[0]) == seconds(60 + by))
    let again = try #require(
        try bed.claim(at: seconds(300 + by)).claims.first { $0.mailID == claim.mailID })
    #expect(again.rows.first?.firstAttemptAt == seconds(61 + by))
}

@Test func `small steps add up to one that counts`() throws {
    let bed = try SQLiteBed()
    func follow(_ milliseconds: Int64) throws -> Duration? {
        try bed.sqlite.followClock(
            bootID: "boot", offset: .milliseconds(milliseconds), at: epoch, jump: jump)
    }
    #expect(try follow(0) == nil)
    let held = try bed.insert(1)
    try bed.ingest()
    #expect(try follow(600) == nil)
    #expect(try follow(1_200) == .milliseconds(1_200))
    #expect(try bed.dueAt(held[0]) == at(61_200))
}

@Test func `another boot is no jump`() throws {
    let bed = try SQLiteBed()
    let held = try bed.insert(1)
    try bed.ingest()
    for (boot, offset) in [("one", 5), ("two", 5_000), ("one", 9)] {
        let by = try bed.sqlite.followClock(
            bootID: boot, offset: .seconds(offset), at: seconds(Int64(offset)), jump: jump)
        #expect(by == nil)
    }
    #expect(try bed.dueAt(held[0]) == seconds(60))
}

@Test func `finished rows keep their times when the clock is set`() throws {
    let bed = try SQLiteBed()
    let (claim, ids) = try bed.claimOne()
    try bed.finish(claim, .sent, at: seconds(61))
    let before = try bed.status("due_at || ' ' || sent_at", ids[0])
    _ = try bed.sqlite.followClock(bootID: "b", offset: .zero, at: epoch, jump: jump)
    #expect(
        try bed.sqlite.followClock(bootID: "b", offset: .seconds(99), at: seconds(99), jump: jump)
            != nil)
    #expect(try bed.status("due_at || ' ' || sent_at", ids[0]) == before)
}

@Test func `rows on hold follow a change of the hold; instant and tried ones don't`() throws {
    let bed = try SQLiteBed()
    try bed.sqlite.follow(hold: .seconds(60), of: .run)
    let tried = try bed.insert(TestRow("t").with { $0.conversation = "t" })
    try bed.ingest()
    let claim = try #require(try bed.claim(at: seconds(60)).claims.first)
    try bed.finish(
        claim, .deferred(dueAt: seconds(300), expired: []), at: seconds(61), error: .later)
    let held = try bed.insert(TestRow("m"))
    let instant = try bed.insert(
        TestRow("n").with { ($0.conversation, $0.instant) = ("d", true) })
    try bed.ingest()
    try bed.sqlite.follow(hold: .seconds(600), of: .run)
    #expect(try bed.dueAt(held) == seconds(600))
    #expect(try bed.dueAt(instant) == epoch && bed.dueAt(tried) == seconds(300))
    try bed.sqlite.follow(hold: .seconds(10), of: .run)
    #expect(try bed.dueAt(held) == seconds(10))
    try bed.sqlite.follow(hold: .seconds(10), of: .run)
    #expect(try bed.dueAt(held) == seconds(10))
}
