import Delivery
import SQLite
import Store
import Testing

private let boot = SteadyTime(nanoseconds: 1_000_000_000_000)

@Test func `instances are registered, seen by others, and forgotten`() throws {
    let bed = try SQLiteBed()
    let store = bed.sqlite
    let first = try store.register(journalFile: "a", bootID: "boot", processID: 1, at: epoch)
    let second = try store.register(journalFile: "b", bootID: "boot", processID: 2, at: epoch)
    #expect(first.id != second.id)
    #expect(try store.others(than: first.id, at: boot).map(\.journalFile) == ["b"])
    try store.renewLease(of: second, processID: 2, for: .seconds(5), at: boot)
    let later = boot + .seconds(2)
    #expect(try store.others(than: first.id, at: later).first?.leaseLeft == .seconds(3))
    #expect(try store.leaseLeft(of: second.id, at: later) == .seconds(3))
    #expect(try store.leaseLeft(of: second.id, at: boot + .seconds(6)) == .seconds(-1))
    try store.forget(instance: second.id)
    #expect(try store.others(than: first.id, at: boot).isEmpty)
    // Somebody tidied up too eagerly: the lease brings the row back.
    try store.renewLease(of: second, processID: 2, for: .seconds(5), at: boot)
    #expect(try store.others(than: first.id, at: boot).map(\.id) == [second.id])
}

/// Another program may have written anything.
@Test(arguments: [Int64.min, .max])
func `a lease that is no time is lost, or far off`(until: Int64) throws {
    let bed = try SQLiteBed()
    let one = try bed.sqlite.register(journalFile: "a", bootID: "boot", processID: 1, at: epoch)
    try bed.server.execute("UPDATE outboxd_instances SET lease_until = \(until)")
    let left = try bed.sqlite.leaseLeft(of: one.id, at: boot)
    #expect(until < 0 ? left < .zero : left > .seconds(1_000_000))
}

@Test func `mail under way tells of its owner, also where that is registered no more`() throws {
    let bed = try SQLiteBed()
    let (claim, ids) = try bed.claimOne(2)
    #expect(try !bed.sqlite.othersAreSending(than: 1))
    #expect(try bed.sqlite.othersAreSending(than: 9))
    let owner = try #require(try bed.sqlite.others(than: 9, at: boot).first)
    #expect(owner.id == 1 && owner.journalFile == "")
    let mails = try bed.sqlite.inFlight(of: 1)
    #expect(mails.map(\.token) == [claim.token] && mails.first?.rows.map(\.id) == ids)
    #expect(mails.first?.key == claim.key && mails.first?.sender == claim.sender)
    #expect(try bed.sqlite.inFlight(of: 9).isEmpty)
    try bed.finish(claim, .sent, at: seconds(61))
    #expect(try bed.sqlite.others(than: 9, at: boot).isEmpty)
}

@Test func `the time in which the relay is down adds up`() throws {
    let store = try SQLiteBed().sqlite
    #expect(try SQLiteReader(store.connection).relay() == RelayStatus(state: .unknown))
    let error = DeliveryError(stage: .connect, text: "refused")
    try store.note(relay: RelayStatus(state: .down, error: error), at: seconds(10))
    try store.note(
        relay: RelayStatus(state: .down, error: error, nextProbeAt: seconds(32)), at: seconds(30))
    #expect(
        try SQLiteReader(store.connection).relay()
            == RelayStatus(
                state: .down, since: seconds(10), error: error, nextProbeAt: seconds(32),
                triedAt: seconds(30)))
    #expect(try store.relayDownTotal(at: seconds(40)) == .seconds(30))
    try store.note(relay: RelayStatus(state: .up), at: seconds(50))
    #expect(try store.relayDownTotal(at: seconds(100)) == .seconds(40))
    #expect(
        try SQLiteReader(store.connection).relay()
            == RelayStatus(state: .up, since: seconds(50), triedAt: seconds(50)))
    try store.note(relay: RelayStatus(state: .down, error: error), at: seconds(100))
    #expect(try store.relayDownTotal(at: seconds(101)) == .seconds(41))
    // A clock that was set back subtracts nothing.
    #expect(try store.relayDownTotal(at: seconds(5)) == .seconds(40))
    try store.note(relay: RelayStatus(state: .up), at: seconds(5))
    #expect(try store.relayDownTotal(at: seconds(200)) == .seconds(40))
}

@Test func `the downtime before a row's first attempt is noted with it`() throws {
    let bed = try SQLiteBed()
    try bed.sqlite.note(relay: RelayStatus(state: .down), at: epoch)
    try bed.sqlite.note(relay: RelayStatus(state: .up), at: seconds(20))
    let (claim, _) = try bed.claimOne()
    try bed.finish(
        claim, .deferred(dueAt: seconds(90), expired: []), at: seconds(61), error: .later)
    try bed.sqlite.note(relay: RelayStatus(state: .down), at: seconds(62))
    let again = try #require(try bed.claim(at: seconds(90)).claims.first)
    #expect(again.rows.first?.relayDownBefore == .seconds(20))
    try bed.finish(
        again, .deferred(dueAt: seconds(120), expired: []), at: seconds(91), error: .later)
    let third = try #require(try bed.claim(at: seconds(120)).claims.first)
    #expect(third.rows.first?.relayDownBefore == .seconds(20))
    #expect(third.rows.first?.firstAttemptAt == seconds(61))
}
