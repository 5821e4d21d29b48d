import Delivery
@testable import Engine
import Service
import SQLite
import Store
import TestSupport
import Testing

@Test func `of a dead process each mail ends as its notes tell`() throws {
    let one = try Abandoned(4)
    _ = try one.take(0)
    _ = try one.announce(1)
    let replied = try one.announce(2)
    one.journal?.note(
        SMTPReply(code: 250, text: "ok"), in: replied, at: WallTime(milliseconds: 1_700_000_000_000)
    )
    // The fourth was never begun.
    one.journal = nil
    let taken = try one.recover()
    #expect(taken.map(\.mails) == [4] && taken.map(\.isDead) == [true])
    #expect(try one.bed.state(one.ids[0]) == "pending/queued")
    #expect(try one.bed.state(one.ids[1]) == "pending/deferred")
    #expect(try one.bed.value("uncertain", one.ids[1]) == 1)
    #expect(try one.bed.state(one.ids[2]) == "sent")
    #expect(try one.bed.value("sent_at", one.ids[2]) == 1_700_000_000_000)
    #expect(try one.bed.value("uncertain", one.ids[2]) == 0)
    #expect(try one.bed.state(one.ids[3]) == "pending/queued")
    #expect(try one.bed.value("attempts", one.ids[3]) == 0)
    #expect(try one.copies() == 1)
    #expect(JournalFilesOnDisk.all(in: one.bed) == [])
    #expect(try one.recover().isEmpty)
    // And then the daemon goes on, with the very copy.
    #expect(try one.bed.drain(waits: true) == .drained)
    #expect(try one.bed.count("state = 'sent'") == 4)
    let bodies = one.bed.relay.mails.map { String(decoding: $0.data, as: UTF8.self) }
    #expect(bodies.count == 3 && bodies.contains { $0.hasPrefix("copy 1") })
}

@Test func `a refusal that was read before the death stands`() throws {
    let one = try Abandoned(1)
    let slot = try one.announce(0)
    one.journal?.note(SMTPReply(code: 554, text: "spam"), in: slot, at: TestClock.wall)
    one.journal = nil
    _ = try one.recover()
    #expect(try one.bed.state(one.ids[0]) == "failed/rejected")
}

@Test func `after another boot every mail under way is uncertain`() throws {
    let one = try Abandoned(2, bootID: "before")
    _ = try one.announce(0)
    one.journal = nil
    #expect(try one.recover(bootID: "after").first?.mails == 2)
    for id in one.ids {
        #expect(try one.bed.value("uncertain", id) == 1)
        #expect(try one.bed.state(id) == "pending/deferred")
    }
    #expect(try one.copies() == 1)
}

@Test func `where the notes are gone every mail under way is uncertain`() throws {
    let one = try Abandoned(2)
    one.journal?.remove()
    one.journal = nil
    #expect(try one.recover().first?.isDead == true)
    for id in one.ids { #expect(try one.bed.value("uncertain", id) == 1) }
    #expect(try one.store.others(than: -1, at: TestClock.steady).isEmpty)
    // The copy that is composed anew is kept from then on.
    one.bed.relay.add(.first(1, .dot, .acceptThenClose))
    #expect(try one.bed.drain(waits: true) == .drained)
    #expect(try one.bed.count("state = 'sent'") == 2)
    let mails = Dictionary(grouping: one.bed.relay.mails, by: \.recipient)
    #expect(mails.values.contains { $0.count == 2 })
    #expect(mails.values.allSatisfy { Set($0.map(\.data)).count == 1 })
}

@Test func `a process that lives and has its lease keeps its mail`() throws {
    let one = try Abandoned(1, lease: .seconds(600))
    #expect(try one.recover().isEmpty)
    #expect(try one.bed.state(one.ids[0]) == "sending")
}

@Test func `a frozen process loses its mail, and can't announce it any more`() throws {
    let one = try Abandoned(2)
    let slot = try one.take(0)
    let announced = try one.announce(1)
    let taken = try one.recover()
    #expect(taken.map(\.mails) == [2] && taken.map(\.isDead) == [false])
    #expect(one.journal?.announce(slot, mail: mail("late")) == false)
    #expect(one.journal?.isRevoked(slot) == true && one.journal?.isRevoked(announced) == false)
    #expect(try one.bed.state(one.ids[0]) == "pending/queued")
    #expect(try one.bed.value("uncertain", one.ids[1]) == 1)
    // It wakes up, and what it writes of a mail that it never announced counts for nothing.
    #expect(try one.finish(0, .sent) == [one.claims[0].token])
    // Its pre-send check finds out as well.
    let check = SQLitePreSendCheck(
        connection: try Database.open(path: one.bed.path, readOnly: true))
    #expect(try check.check(CheckedMail(one.claims[0]), at: TestClock.wall) == .lost)
    one.journal?.remove()
}

@Test func `a file that belongs to nobody is tidied away, a live one is not`() throws {
    let bed = try EngineBed()
    let store = try SQLiteStore(connection: Database.open(path: bed.path))
    var orphan: InFlightJournal? = try InFlightJournal.create(
        besideDatabase: bed.path, connections: 1, bootID: "b")
    let live = try InFlightJournal.create(besideDatabase: bed.path, connections: 1, bootID: "b")
    #expect(orphan != nil)
    orphan = nil
    let recovery = Recovery(
        settings: bed.settings, bootID: "b", instance: 0,
        journals: JournalDirectory(database: bed.path))
    #expect(try recovery.removeOrphans(store, at: EngineClock.system.now()) == [])
    #expect(JournalFilesOnDisk.all(in: bed) == [live.name])
}
