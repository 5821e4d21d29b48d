import Delivery
import SQLite
import Store
import TestSupport
import Testing

@testable import Engine

/// A transaction that is rolled back for one mail's sake, and repeated.
@Suite struct RepeatedBatchTests {
    /// The lease was renewed in the first run, which the database has never seen: a process that went on with that
    /// would claim mail which another may take over at once.
    @Test func `a claim that is repeated renews its lease again`() throws {
        let bed = try EngineBed()
        let failures = Monitor(0)
        let (loop, journal) = try bed.storingLoop { point in
            guard point == .before, failures.read({ $0 }) > 0 else { return }
            failures.update { $0 -= 1 }
            // SQLITE_CONSTRAINT
            throw SQLiteError(code: 19, message: "one mail's", operation: "COMMIT")
        }
        defer { journal.remove() }
        loop.handOff.deliver([], relay: [], demand: HandOff.Demand(mails: 4, room: 4))
        _ = try loop.turn()
        loop.lease = Lease(length: .seconds(30))
        try bed.server.execute("UPDATE outboxd_instances SET lease_until = 1")
        try bed.insert("m1", conversation: "c1")
        failures.update { $0 = 1 }
        loop.lockShare = LockShare()
        _ = try loop.turn()
        #expect(failures.read { $0 } == 0)
        #expect(loop.handOff.takeOutgoing().count == 1)
        let until = try bed.server.statement("SELECT lease_until FROM outboxd_instances").all {
            $0.int(0)
        }
        #expect(until.count == 1 && until.allSatisfy { $0 > 1 })
    }
}
