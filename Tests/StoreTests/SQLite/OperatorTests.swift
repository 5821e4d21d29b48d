import Delivery
import SQLite
import Store
import TestSupport
import Testing

@Test(arguments: ["", "h"])
func `an operator's pause holds, a drain acts through it`(_ helpdesk: String) throws {
    let bed = try SQLiteBed()
    let ids = try bed.insert(1)
    try bed.ingest()
    try bed.sqlite.pause(helpdesk: helpdesk, at: epoch)
    try bed.sqlite.pause(helpdesk: helpdesk, at: seconds(1))
    #expect(try bed.state(ids[0]) == "pending/paused")
    #expect(try bed.claim(at: seconds(60)).claims.isEmpty)
    #expect(try bed.nextDue() == nil)
    let drained = try bed.claim(at: seconds(60)) { $0.ignoredPauses = ["", "h"] }
    #expect(drained.claims.flatMap(\.rowIDs) == ids)
    let claim = try #require(drained.claims.first)
    try bed.finish(claim, .returned(dueAt: nil, takenOver: false), at: seconds(61))
    #expect(try bed.claim(at: seconds(62)).claims.isEmpty)
    #expect(try bed.sqlite.resume(helpdesk: helpdesk))
    #expect(try !bed.sqlite.resume(helpdesk: helpdesk))
    #expect(try bed.claim(at: seconds(63)).claims.flatMap(\.rowIDs) == ids)
}

@Test func `a pause of one helpdesk is none of another`() throws {
    let bed = try SQLiteBed()
    let paused = try bed.insert(TestRow("m"))
    let other = try bed.insert(TestRow("m").with { $0.helpdesk = "other" })
    try bed.ingest()
    try bed.sqlite.pause(helpdesk: "h", at: epoch)
    #expect(try bed.claim(at: seconds(60)).claims.flatMap(\.rowIDs) == [other])
    #expect(try bed.states([paused, other]) == ["pending/paused", "sending"])
    let pauses = try SQLiteReader(bed.sqlite.connection).pauses()
    #expect(pauses.map(\.helpdeskID) == ["h"] && pauses.map(\.author) == [.operator])
}

@Test func `an uncertain mail that is held is settled as sent`() throws {
    let bed = try SQLiteBed()
    let (claim, ids) = try bed.claimOne(2)
    try bed.finish(
        claim, .uncertain(dueAt: nil, frozen: .sample()), at: seconds(61), error: .silence)
    let done = try bed.sqlite.resolve(row: ids[1], as: .sent, at: seconds(99))
    #expect(done == .done(mailID: claim.mailID))
    #expect(try bed.states(ids) == ["sent", "sent"])
    #expect(
        try bed.status("sent_at || uncertain", ids[0]) == "\(seconds(99).milliseconds)1")
    #expect(try bed.sqlite.resolve(row: ids[0], as: .sent, at: epoch) == .notHeld(state: "sent"))
    #expect(try bed.api("SELECT count(*) FROM outboxd_frozen") == ["0"])
}

@Test func `an uncertain mail that is held is sent again, as the same copy`() throws {
    let bed = try SQLiteBed()
    let (claim, ids) = try bed.claimOne()
    #expect(
        try bed.sqlite.resolve(row: ids[0], as: .resend, at: epoch) == .notHeld(state: "sending"))
    try bed.finish(
        claim, .uncertain(dueAt: nil, frozen: .sample()), at: seconds(61), error: .silence)
    #expect(
        try bed.sqlite.resolve(row: ids[0], as: .resend, at: seconds(99))
            == .done(mailID: claim.mailID))
    let copy = try #require(try bed.claim(at: seconds(99)).claims.first)
    #expect(copy.frozen == .sample() && copy.emailMessageID == claim.emailMessageID)
    #expect(try bed.sqlite.resolve(row: 999, as: .sent, at: epoch) == .unknownRow)
}

@Test func `a row by hand is inserted once`() throws {
    let bed = try SQLiteBed()
    var row = NewRow(
        helpdeskID: "h", conversationID: "c", messageID: "m", recipientEmail: "a@example.test",
        bodyText: "Hi", createdAt: epoch)
    row.isInstant = true
    let first = try bed.sqlite.enqueue(row)
    let second = try bed.sqlite.enqueue(row)
    #expect(first.isNew && !second.isNew && first.id == second.id)
    #expect(try bed.dueAt(first.id) == epoch)
}
