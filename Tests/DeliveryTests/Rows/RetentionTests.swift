import Delivery
import Testing

/// The table of ``Retention``.
struct RetentionTests {
    private let now = WallTime(milliseconds: 1_700_000_000_000)
    private let month = Retention(length: .seconds(30 * 86_400))

    private func ago(_ days: Int64, _ milliseconds: Int64 = 0) -> WallTime {
        now - .seconds(days * 86_400) - .milliseconds(milliseconds)
    }

    @Test func `a new row is stale that was written longer ago`() {
        #expect(!month.isStale(createdAt: ago(30), notBefore: nil, at: now))
        #expect(month.isStale(createdAt: ago(30, 1), notBefore: nil, at: now))
        #expect(!month.isStale(createdAt: ago(-1), notBefore: nil, at: now))
    }

    @Test func `what was put off counts from then`() {
        #expect(!month.isStale(createdAt: ago(90), notBefore: ago(1), at: now))
        #expect(!month.isStale(createdAt: ago(90), notBefore: ago(-1), at: now))
        #expect(month.isStale(createdAt: ago(90), notBefore: ago(31), at: now))
        #expect(!month.isStale(createdAt: ago(1), notBefore: ago(31), at: now))
    }

    @Test
    func `it is looked for old rows each minute, and sooner where they are not kept for long`() {
        #expect(month.lookInterval == .seconds(60))
        #expect(Retention(length: .seconds(100)).lookInterval == .seconds(10))
        #expect(Retention(length: .milliseconds(1)).lookInterval == .seconds(1))
        #expect(month.end(at: now) == ago(30))
    }
}
