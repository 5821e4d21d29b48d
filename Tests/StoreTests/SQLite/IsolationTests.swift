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

    /// Mails that are claimed as they come are written once; the statements are the claim's, the fault is the row's.
    @Test(arguments: ["outboxd_mails", "outboxd_rows"], ["ABORT", "ROLLBACK"])
    func `a mail that can't be written down as it is claimed costs no other`(
        _ table: String, _ action: String
    ) throws {
        let bed = try SQLiteBed()
        let ids = try (1...5).map { try bed.insertOne("p\($0)") }
        let isIt =
            table == "outboxd_rows" ? "NEW.id = \(ids[2])" : "NEW.recipient = 'p3@example.test'"
        try bed.api(
            """
            CREATE TRIGGER refuse BEFORE INSERT ON \(table) WHEN \(isIt)
            BEGIN SELECT RAISE(\(action), 'not you'); END
            """)
        let claims = try bed.takeIn(at: seconds(60)).claims
        #expect(claims.map(\.rowIDs) == [0, 1, 3, 4].map { [ids[$0]] })
        #expect(try bed.state(ids[2]) == "pending/deferred")
        try bed.api("DROP TRIGGER refuse")
        #expect(try bed.takeIn(at: seconds(600)).claims.map(\.rowIDs) == [[ids[2]]])
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
