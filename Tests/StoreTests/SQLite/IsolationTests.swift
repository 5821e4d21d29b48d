import Delivery
import SQLite
import Store
import Testing

/// A trigger that ends the whole transaction takes the savepoints with it: how often a batch is repeated.
struct IsolationTests {
    private func finishAll(
        _ claims: [Claim], _ bed: SQLiteBed, _ outcome: FinishedMail.Outcome,
        error: DeliveryError? = nil
    ) throws -> FinishedBatch {
        try bed.store.finish(
            claims.map {
                FinishedMail(
                    mail: InFlightMail($0), outcome: outcome, error: error, at: seconds(61))
            })
    }

    /// Each would cost one repetition: after the first they are left for later.
    @Test func `more suppressions than repetitions hold up no outcome`() throws {
        let bed = try SQLiteBed()
        try bed.api(
            """
            CREATE TRIGGER refuse BEFORE INSERT ON suppressions BEGIN
                SELECT RAISE(ROLLBACK, 'not you'); END
            """)
        let claims = try bed.claimMany(60)
        let batch = try finishAll(claims, bed, .failed(.rejected), error: .noSuchMailbox)
        #expect(batch.unrecorded.isEmpty && batch.lost.isEmpty)
        for claim in claims { #expect(try bed.states(claim.rowIDs) == ["failed/rejected"]) }
        let first = try bed.store.writeSuppressions(at: seconds(62))
        #expect(first.count + batch.faults.count == 60)
        #expect(try bed.api("SELECT address FROM suppressions").isEmpty)
        try bed.api("DROP TRIGGER refuse")
        #expect(try bed.store.writeSuppressions(at: seconds(100)).isEmpty)
        #expect(try bed.api("SELECT count(*) FROM suppressions") == ["60"])
        #expect(try bed.store.nextSuppression() == nil)
    }

    /// Mails that are claimed as they come are written once, many in one statement (32, 8, and one at a time); the
    /// statements are the claim's, the fault is the row's.
    @Test(
        arguments: ["outboxd_mails", "outboxd_rows"],
        ["ABORT, 'not you'", "ROLLBACK, 'not you'", "IGNORE"])
    func `a mail that can't be written down as it is claimed costs no other`(
        _ table: String, _ action: String
    ) throws {
        for (count, place) in [(5, 3), (43, 1), (43, 32), (43, 36), (43, 43), (75, 40)] {
            try refuse(place, of: count, table, action)
        }
    }

    private func refuse(
        _ place: Int, of count: Int, _ table: String, _ action: String
    ) throws {
        let bed = try SQLiteBed()
        let ids = try (1...count).map { try bed.insertOne("p\($0)") }
        let refused = ids[place - 1]
        let isIt =
            table == "outboxd_rows"
            ? "NEW.id = \(refused)" : "NEW.recipient = 'p\(place)@example.test'"
        try bed.api(
            """
            CREATE TRIGGER refuse BEFORE INSERT ON \(table) WHEN \(isIt)
            BEGIN SELECT RAISE(\(action)); END
            """)
        let claims = try bed.takeIn(at: seconds(60)).claims
        let others = ids.filter { $0 != refused }
        #expect(claims.map(\.rowIDs) == others.map { [$0] })
        #expect(try Set(bed.states(others)) == ["sending"])
        #expect(try bed.state(refused) == "pending/deferred")
        try bed.api("DROP TRIGGER refuse")
        #expect(try bed.takeIn(at: seconds(600)).claims.map(\.rowIDs) == [[refused]])
    }

    /// The store itself is in trouble then: what can't be recorded is not sent.
    @Test func `however many mails of a batch end the transaction, the others are written down`()
        throws
    {
        let bed = try SQLiteBed()
        let claims = try bed.claimMany(30)
        func refuse(_ count: Int) throws {
            try bed.api("DROP TRIGGER IF EXISTS refuse")
            let last = claims[count - 1].mailID
            try bed.api(
                """
                CREATE TRIGGER refuse BEFORE UPDATE ON outboxd_rows
                WHEN NEW.state = 2 AND NEW.mail_id <= \(last) BEGIN
                    SELECT RAISE(ROLLBACK, 'not this one'); END
                """)
        }
        try refuse(29)
        let batch = try finishAll(claims, bed, .sent)
        #expect(Set(batch.unrecorded.keys) == Set(claims[..<29].map(\.token)))
        #expect(try bed.api("SELECT count(*) FROM outbox_status WHERE state = 'sent'") == ["1"])
    }
}
