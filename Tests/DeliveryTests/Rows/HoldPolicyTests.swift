import Delivery
import Testing

@Suite struct HoldPolicyTests {
    // "A row is due at `created_at + hold` (60 s by default); an instant row is due at once."
    @Test func `a row is due at created_at and hold, an instant row at once`() {
        let policy = HoldPolicy()
        #expect(policy.dueAt(createdAt: wall(0), isInstant: false, ingestedAt: wall(1)) == wall(60))
        #expect(policy.dueAt(createdAt: wall(0), isInstant: true, ingestedAt: wall(1)) == wall(0))
    }

    @Test func `a row ingested late was due all the same`() {
        let dueAt = HoldPolicy().dueAt(
            createdAt: wall(0), isInstant: false, ingestedAt: wall(86_400))
        #expect(dueAt == wall(60))
    }

    @Test func `a clock ahead keeps the hold, and does not hold an instant row`() {
        let policy = HoldPolicy(hold: .seconds(5))
        #expect(policy.dueAt(createdAt: wall(9), isInstant: false, ingestedAt: wall(0)) == wall(14))
        #expect(policy.dueAt(createdAt: wall(9), isInstant: true, ingestedAt: wall(0)) == wall(0))
    }

    @Test func `a hold of zero is none, and no sum overflows`() {
        let none = HoldPolicy(hold: .zero)
        #expect(none.dueAt(createdAt: wall(3), isInstant: false, ingestedAt: wall(0)) == wall(3))
        let latest = WallTime(milliseconds: .max)
        let dueAt = HoldPolicy().dueAt(createdAt: latest, isInstant: false, ingestedAt: wall(0))
        #expect(dueAt == latest)
    }
}
