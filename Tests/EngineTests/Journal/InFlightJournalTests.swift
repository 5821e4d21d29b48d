import Delivery
@testable import Engine
import Glibc
import Service
import Store
import TestSupport
import Testing

/// A directory with a database's name in it, where in-flight journals are made.
struct JournalBed {
    let directory: TemporaryDirectory
    let database: String

    init() throws {
        directory = try TemporaryDirectory()
        database = directory.file("outbox.db")
    }

    func create(connections: Int = 2, bootID: String = "boot") throws -> InFlightJournal {
        try InFlightJournal.create(
            besideDatabase: database, connections: connections, bootID: bootID)
    }

    func open(_ name: String) -> ForeignJournal.Owner {
        ForeignJournal.open(name, besideDatabase: database)
    }

    /// Of a process that is gone.
    func dead(_ name: String) throws -> ForeignJournal {
        guard case .dead(let journal) = open(name) else { throw NotDead() }
        return journal
    }

    func alive(_ name: String) throws -> ForeignJournal {
        guard case .alive(let journal) = open(name) else { throw NotDead() }
        return journal
    }

    struct NotDead: Error {}
}

func mail(_ text: String) -> FrozenMail {
    FrozenMail(
        envelopeSender: "bounce@acme.test", envelopeRecipient: "änn@example.test",
        needsSMTPUTF8: true, message: Array(text.utf8))
}

private let accepted = SMTPReply(
    code: 250, enhanced: EnhancedStatusCode(2, 0, 0), text: "queued as ünïque")

@Test func `what is noted outlives the process`() throws {
    let bed = try JournalBed()
    var name = ""
    do {
        let file = try bed.create()
        name = file.name
        let slots = try [11, 12, 13].map {
            try #require(file.take(mailID: $0, token: Int64($0 * 10)))
        }
        #expect(file.announce(slots[1], mail: mail("second")))
        #expect(file.announce(slots[2], mail: mail("third")))
        file.note(accepted, in: slots[2], at: WallTime(milliseconds: 77))
        // The object goes without a word, as after SIGKILL.
    }
    let dead = try bed.dead(name)
    #expect(dead.bootID == "boot")
    let facts = try #require(dead.facts(revoking: [110, 120, 130, 140]))
    guard case .notAnnounced? = facts[110] else { throw JournalBed.NotDead() }
    guard case .announced(let copy?)? = facts[120] else { throw JournalBed.NotDead() }
    #expect(copy == mail("second"))
    guard case .replied(let reply, let at)? = facts[130] else { throw JournalBed.NotDead() }
    #expect(reply == accepted && at == WallTime(milliseconds: 77))
    #expect(facts[140] == nil)
    #expect(dead.remove() == nil)
    guard case .gone = bed.open(name) else { throw JournalBed.NotDead() }
}

@Test func `a file whose process lives is told so, and one that is locked is not ours`() throws {
    let bed = try JournalBed()
    let file = try bed.create()
    _ = try bed.alive(file.name)
    let other = try bed.create()
    #expect(other.name != file.name)
    file.remove()
    guard case .gone = bed.open(file.name) else { throw JournalBed.NotDead() }
    _ = try bed.alive(other.name)
}

@Test func `after it was revoked a dot is not announced any more`() throws {
    let bed = try JournalBed()
    let file = try bed.create()
    let slot = try #require(file.take(mailID: 1, token: 7))
    let facts = try #require(try bed.alive(file.name).facts(revoking: [7]))
    guard case .notAnnounced? = facts[7] else { throw JournalBed.NotDead() }
    #expect(!file.announce(slot, mail: mail("late")))
    #expect(file.isRevoked(slot))
    file.free(slot)
    let next = try #require(file.take(mailID: 2, token: 8))
    #expect(file.announce(next, mail: mail("next")))
}

@Test func `what was announced first is not revoked`() throws {
    let bed = try JournalBed()
    let file = try bed.create()
    let slot = try #require(file.take(mailID: 1, token: 7))
    #expect(file.announce(slot, mail: mail("out")))
    let facts = try #require(try bed.alive(file.name).facts(revoking: [7]))
    guard case .announced(let copy)? = facts[7] else { throw JournalBed.NotDead() }
    #expect(copy == mail("out") && !file.isRevoked(slot))
    file.note(accepted, in: slot, at: WallTime(milliseconds: 1))
    let later = try #require(try bed.alive(file.name).facts(revoking: [7]))
    guard case .replied? = later[7] else { throw JournalBed.NotDead() }
}

@Test func `a token that is not asked for is not revoked`() throws {
    let bed = try JournalBed()
    let file = try bed.create()
    let slot = try #require(file.take(mailID: 1, token: 7))
    #expect(try bed.alive(file.name).facts(revoking: [8])?.isEmpty == true)
    #expect(file.announce(slot, mail: mail("mine")))
}

@Test func `records run out and are free again`() throws {
    let bed = try JournalBed()
    let file = try bed.create()
    var slots: [InFlightJournal.Slot] = []
    while let slot = file.take(mailID: 1, token: Int64(slots.count + 1)), slots.count < 5_000 {
        slots.append(slot)
    }
    #expect(slots.count == 2_048 && Set(slots).count == slots.count)
    file.free(slots[1_000])
    let again = try #require(file.take(mailID: 1, token: 9_999))
    #expect(again.record == slots[1_000].record && again.use != slots[1_000].use)
    #expect(file.take(mailID: 1, token: 1) == nil)
}

@Test func `areas run out while replies are awaited, and are used again after them`() throws {
    let bed = try JournalBed()
    let file = try bed.create(connections: 1)
    let slots = try (0..<80).map { try #require(file.take(mailID: 1, token: $0 + 1)) }
    // One for the connection, two for stragglers, sixteen for parked ones, and eight to spare.
    let announced = slots.filter { file.announce($0, mail: mail("x")) }
    #expect(announced.count == 27)
    // A reply makes room, as does a commit.
    file.note(accepted, in: announced[0], at: WallTime(milliseconds: 1))
    file.free(announced[1])
    #expect(slots[28...].filter { file.announce($0, mail: mail("y")) }.count == 2)
    // A reused area does not speak for the mail that had it.
    let facts = try #require(
        try bed.alive(file.name).facts(revoking: Set((1...80).map(Int64.init))))
    let copies = facts.values.compactMap { fact -> FrozenMail? in
        if case .announced(let copy) = fact { copy } else { nil }
    }
    #expect(copies.filter { $0 == mail("x") }.count == 25)
    #expect(copies.filter { $0 == mail("y") }.count == 2)
}

@Test func `a mail that is too large is announced without its copy`() throws {
    let bed = try JournalBed()
    let file = try bed.create()
    let large = mail(String(repeating: "x", count: 70_000))
    #expect(!file.fits(large) && file.fits(mail("small")))
    let slot = try #require(file.take(mailID: 1, token: 7))
    #expect(file.announce(slot, mail: large))
    let facts = try #require(try bed.alive(file.name).facts(revoking: [7]))
    guard case .announced(nil)? = facts[7] else { throw JournalBed.NotDead() }
}

@Test(arguments: [0, 1, 7, 8, 9, 60_000, 65_503, 65_504])
func `copies of every length come back as they were`(_ length: Int) throws {
    let bed = try JournalBed()
    let file = try bed.create()
    var generator = SplitMix64(seed: UInt64(length))
    var copy = mail("")
    copy.message = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    let slot = try #require(file.take(mailID: 1, token: 7))
    #expect(file.announce(slot, mail: copy))
    let facts = try #require(try bed.alive(file.name).facts(revoking: [7]))
    guard case .announced(let found)? = facts[7] else { throw JournalBed.NotDead() }
    #expect(found == (file.fits(copy) ? copy : nil))
}

@Test func `a long reply is cut at a whole character`() throws {
    let bed = try JournalBed()
    let file = try bed.create()
    let slot = try #require(file.take(mailID: 1, token: 7))
    #expect(file.announce(slot, mail: mail("x")))
    let long = SMTPReply(code: 554, text: String(repeating: "ü", count: 1_000))
    file.note(long, in: slot, at: WallTime(milliseconds: 1))
    let facts = try #require(try bed.alive(file.name).facts(revoking: [7]))
    guard case .replied(let reply, _)? = facts[7] else { throw JournalBed.NotDead() }
    #expect(reply.code == 554 && reply.enhanced == nil)
    #expect(!reply.text.isEmpty && reply.text.allSatisfy { $0 == "ü" })
}

@Test func `names of in-flight journals are theirs alone`() {
    let database = "/data/outbox.db"
    #expect(FilePath.directory(of: database) == "/data")
    #expect(FilePath.directory(of: "outbox.db") == "." && FilePath.directory(of: "/a.db") == "/")
    let name = JournalFiles.newName(for: database)
    #expect(JournalFiles.isName(name, for: database) && name != JournalFiles.newName(for: database))
    for hostile in [
        "", "outbox.db", "outbox.db-wal", "../outbox.db-outboxd-1", "outbox.db-outboxd-/../x",
        "other.db-outboxd-1", "outbox.db-outboxd-", "outbox.db-outboxd-backup",
        "outbox.db-outboxd-1", "outbox.db-outboxd-20261128", "outbox.db-outboxd-deadbeef",
        "outbox.db-outboxd-123456789012", "outbox.db-outboxd-1F2345678901234A",
        "outbox.db-outboxd-1F", "outbox.db-outboxd-12345678901234567", "outbox.db-outboxd-1f.bak",
    ] {
        #expect(!JournalFiles.isName(hostile, for: database), "\(hostile)")
    }
}

@Test func `the in-flight journals beside a database are found`() throws {
    let bed = try JournalBed()
    try bed.directory.write("", to: "outbox.db-wal")
    try bed.directory.write("", to: "other.db-outboxd-1")
    #expect(JournalFiles.all(for: bed.database).isEmpty)
    let file = try bed.create()
    #expect(JournalFiles.all(for: bed.database) == [file.name])
}
