import Delivery
import Testing

@testable import SMTP

/// The table of ``TokenCache``.
@Suite struct TokenCacheTests {
    private let start = ContinuousClock.now

    private func granted(_ text: String, _ seconds: Int) -> GrantedToken {
        GrantedToken(token: Secret(text), lifetime: .seconds(seconds))
    }

    @Test(arguments: [
        (3_600, 0, 3_300), (3_600, 1, 3_150), (100, 0, 80), (100, 1, 70), (1, 0, 0.8), (0, 1, 0),
    ])
    func isFetchedAheadOfItsEnd(lifetime: Double, jitter: Double, use: Double) {
        let found = TokenCache.use(.milliseconds(Int(lifetime * 1_000)), jitter: jitter)
        #expect(found == .milliseconds(Int(use * 1_000)))
    }

    @Test func isUsedUntilThen() {
        var cache = TokenCache()
        #expect(cache.usable(at: start) == nil)
        #expect(cache.fetched(granted("a", 100), at: start, jitter: 0).isNew)
        #expect(cache.usable(at: start + .seconds(79))?.token == Secret("a"))
        #expect(cache.usable(at: start + .seconds(80)) == nil)
    }

    @Test func holdsAsLongAsItIsGoodWhileNoOtherCanBeHad() {
        var cache = TokenCache()
        #expect(cache.fetchFailed(at: start) == nil)
        _ = cache.fetched(granted("a", 1_000), at: start, jitter: 0)
        let late = start + .seconds(900)
        #expect(cache.fetchFailed(at: late)?.token == Secret("a"))
        // A server that is down is not asked at each connection.
        #expect(cache.usable(at: late + .seconds(59)) != nil)
        #expect(cache.usable(at: late + .seconds(60)) == nil)
        #expect(cache.fetchFailed(at: start + .seconds(1_000)) == nil)
    }

    @Test func oneFetchForARefusal() {
        var cache = TokenCache()
        _ = cache.fetched(granted("a", 1_000), at: start, jitter: 0)
        guard let old = cache.usable(at: start) else { return }
        #expect(!old.isNew && cache.refused(old) == .fetch)
        #expect(cache.usable(at: start) == nil && cache.fetchFailed(at: start) == nil)
        let new = cache.fetched(granted("b", 1_000), at: start, jitter: 0)
        #expect(cache.refused(new) == .giveUp)
        // The next connection fetches.
        #expect(cache.usable(at: start) == nil)
    }

    @Test func whoWasRefusedTogetherFetchesOnce() {
        var cache = TokenCache()
        _ = cache.fetched(granted("a", 1_000), at: start, jitter: 0)
        guard let one = cache.usable(at: start), let other = cache.usable(at: start) else { return }
        #expect(cache.refused(one) == .fetch)
        let new = cache.fetched(granted("b", 1_000), at: start, jitter: 0)
        guard case .use(let taken) = cache.refused(other) else {
            Issue.record("fetched twice")
            return
        }
        #expect(taken.token == Secret("b") && taken.isNew)
        #expect(cache.refused(new) == .giveUp && cache.refused(taken) == .giveUp)
        #expect(cache.refused(other) == .giveUp)
    }
}
