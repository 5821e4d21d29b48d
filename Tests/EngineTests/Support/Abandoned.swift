import Delivery
@testable import Engine
import Service
import SQLite
import Store
import TestSupport
import Testing

/// Mails that a process had when it went, and a store of another's.
final class Abandoned {
    let bed: EngineBed
    let store: SQLiteStore
    var journal: InFlightJournal?
    let name: String
    let claims: [Claim]
    let owner: Instance
    let ids: [Int64]

    init(_ count: Int = 3, bootID: String = "boot", lease: Duration = .zero) throws {
        bed = try EngineBed()
        ids = try bed.insertMany(count)
        store = try SQLiteStore(connection: Database.open(path: bed.path))
        let journal = try InFlightJournal.create(
            besideDatabase: bed.path, connections: 2, bootID: bootID)
        (self.journal, name) = (journal, journal.name)
        owner = try store.register(
            journalFile: journal.name, bootID: bootID, processID: 1, at: TestClock.wall)
        let now = TestClock.wall
        _ = try store.ingest(limit: count, at: now, rules: RowRules.ingest(bed.settings, at: now))
        let rules = ClaimRules(settings: bed.settings, ignoresHold: true, now: now, nonce: 1)
        claims = try store.claim(
            ClaimRequest(now: now, limit: count, owner: owner.id), decide: rules.decide
        ).claims
        if lease > .zero {
            try store.renewLease(of: owner, processID: 1, for: lease, at: TestClock.steady)
        }
    }

    func take(_ index: Int) throws -> InFlightJournal.Slot {
        try #require(journal?.take(mailID: claims[index].mailID, token: claims[index].token))
    }

    /// Announces a copy that tells which mail it is.
    func announce(_ index: Int) throws -> InFlightJournal.Slot {
        let slot = try take(index)
        #expect(journal?.announce(slot, mail: mail("copy \(index)")) == true)
        return slot
    }

    func recover(bootID: String = "boot") throws -> [Recovery.TakenOver] {
        var book = RecoveryBook()
        return try round(&book, bootID: bootID).taken
    }

    func round(_ book: inout RecoveryBook, bootID: String = "boot") throws -> Recovery.Round {
        let instance = try store.register(
            journalFile: "none", bootID: bootID, processID: 2, at: TestClock.wall)
        defer { #expect(throws: Never.self) { try store.forget(instance: instance.id) } }
        return try Recovery(
            settings: bed.settings, bootID: bootID, instance: instance.id,
            journals: JournalDirectory(database: bed.path)
        )
        .run(store, clock: .system, book: &book)
    }

    /// The process writes down what became of a mail.
    /// - Returns: the tokens that did not stand any more.
    func finish(_ index: Int, _ outcome: FinishedMail.Outcome) throws -> Set<Int64> {
        try store.finish([
            FinishedMail(mail: InFlightMail(claims[index]), outcome: outcome, at: TestClock.wall)
        ]).lost
    }

    func copies() throws -> Int64 {
        try bed.server.statement("SELECT count(*) FROM outboxd_frozen").first { $0.int(0) } ?? -1
    }
}
