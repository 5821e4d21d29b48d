import Delivery
@testable import Engine
import Glibc
import SQLite
import Service
import Store
import TestSupport
import Testing

/// What one process or one mail does must not keep the others' mails from being taken over.

@Test func `a process that moves keeps its mails, though its lease ran out`() throws {
    let one = try Abandoned(1)
    one.journal?.beat(TestClock.steady)
    #expect(try one.recover().isEmpty)
    #expect(try one.bed.state(one.ids[0]) == "sending")
    // Of another boot's the sign says nothing.
    #expect(try one.recover(bootID: "another").map(\.mails) == [1])
    one.journal?.remove()
}

@Test func `a process that stands still for its lease loses its mails`() throws {
    let one = try Abandoned(1)
    one.journal?.beat(TestClock.steady + .seconds(-121))
    #expect(try one.recover().map(\.isDead) == [false])
    #expect(try one.bed.state(one.ids[0]) == "pending/queued")
    one.journal?.remove()
}

@Test func `a dead process is dead, however lately it moved`() throws {
    let one = try Abandoned(1)
    one.journal?.beat(TestClock.steady)
    one.journal = nil
    #expect(try one.recover().map(\.isDead) == [true])
}

@Test func `a mail that can't be written down keeps no other from being taken over`() throws {
    let one = try Abandoned(10)
    one.journal = nil
    let bad = one.claims[3].mailID
    try one.bed.server.execute(
        """
        CREATE TRIGGER bad BEFORE UPDATE ON outboxd_mails WHEN OLD.id = \(bad) BEGIN
            SELECT RAISE(ABORT, 'malformed JSON');
        END
        """)
    var book = RecoveryBook()
    let first = try one.round(&book)
    #expect(first.taken.map(\.mails) == [9])
    #expect(first.failed.map(\.mailID) == [bad])
    #expect(first.failed.first?.error.contains("malformed JSON") == true)
    #expect(try one.bed.count("state = 'sending'") == 1)
    // Its notes stay as long as they are needed.
    #expect(JournalFilesOnDisk.all(in: one.bed) == [one.name])
    // Not at once again, and told once.
    #expect(try one.round(&book).failed.isEmpty)
    try one.bed.server.execute("DROP TRIGGER bad")
    #expect(eventually { (try? one.round(&book).taken.map(\.mails)) == [1] })
    #expect(try one.bed.count("state = 'sending'") == 0)
    #expect(JournalFilesOnDisk.all(in: one.bed) == [])
}

@Test func `more mails than a transaction holds can't be written down, and keep no others`() throws
{
    let one = try Abandoned(250)
    one.journal = nil
    let bad = one.claims.map(\.mailID).sorted().prefix(200)
    try one.bed.server.execute(
        """
        CREATE TRIGGER bad BEFORE UPDATE ON outboxd_mails WHEN OLD.id <= \(bad.last ?? 0) BEGIN
            SELECT RAISE(ABORT, 'malformed JSON');
        END
        """)
    var book = RecoveryBook()
    let first = try one.round(&book)
    #expect(first.hasMore && first.taken.isEmpty && first.failed.count == 200)
    #expect(try one.round(&book).taken.map(\.mails) == [50])
}

@Test func `what is anybody's trouble stops the round`() throws {
    let one = try Abandoned(1)
    one.journal = nil
    try one.bed.server.execute("BEGIN IMMEDIATE")
    one.store.whileBusy { _ in false }
    #expect(throws: SQLiteError.self) { try one.recover() }
    try one.bed.server.execute("COMMIT")
    #expect(try one.recover().map(\.mails) == [1])
}

@Test func `thousands of dead processes are dealt with in short rounds`() throws {
    let one = try Abandoned(3)
    one.journal = nil
    try one.store.inTransaction {
        for number in 0..<3_000 {
            let name =
                number % 2 == 0 ? "outbox.db-outboxd-\(1_000_000_000_000_000 + number)" : "../x"
            _ = try one.store.register(
                journalFile: name, bootID: "boot", processID: 1, at: TestClock.wall)
        }
    }
    var book = RecoveryBook()
    var rounds: [Duration] = []
    var taken = 0
    repeat {
        let start = TestClock.steady
        let round = try one.round(&book)
        rounds.append(TestClock.steady - start)
        taken += round.taken.reduce(0) { $0 + $1.mails }
        if !round.hasMore { break }
    } while rounds.count < 10_000
    #expect(taken == 3)
    #expect(try one.store.others(than: -1, at: TestClock.steady).isEmpty)
    #expect(rounds.count > 1)
}

@Test func `more mails than one transaction holds are taken over in several`() throws {
    let one = try Abandoned(450)
    one.journal = nil
    var book = RecoveryBook()
    var taken: [Int] = []
    var hasMore = true
    while hasMore, taken.count < 10 {
        let round = try one.round(&book)
        taken += round.taken.map(\.mails)
        hasMore = round.hasMore
    }
    #expect(taken == [200, 200, 50])
    #expect(try one.store.others(than: -1, at: TestClock.steady).isEmpty)
}

/// A process that revoked our record and died before it had committed has taken nothing.
@Test func `a mail whose record was revoked for nothing is sent all the same`() throws {
    let bed = try EngineBed()
    let gate = Gate()
    bed.relay.add(.first(1, .rcpt, .hold(gate)))
    let engine = try bed.start()
    let id = try bed.insert()
    #expect(gate.waitForArrivals())
    let name = try #require(JournalFilesOnDisk.all(in: bed).first)
    let token = try bed.server.statement("SELECT token FROM outboxd_mails").first { $0.int(0) }
    guard case .alive(let journal) = ForeignJournal.open(name, besideDatabase: bed.path) else {
        throw JournalBed.NotDead()
    }
    #expect(journal.facts(revoking: [try #require(token)])?.count == 1)
    gate.open()
    #expect(try bed.waitFor("sent", id))
    #expect(try bed.value("uncertain", id) == 0)
    #expect(bed.relay.mails.count == 1)
    #expect(bed.stop(engine) == .stopped)
}
