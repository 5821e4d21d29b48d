import Testing

@testable import Engine

struct PrefetchStockTests {
    @Test func `while the relay is down all that is at hand counts, else not what has late mails`()
    {
        #expect(Prefetch.stock(atHand: 1, unwanted: 1, isDown: true) == 1)
        #expect(Prefetch.stock(atHand: 1, unwanted: 1, isDown: false) == 0)
        #expect(Prefetch.stock(atHand: 9, unwanted: 2, isDown: false) == 7)
    }

    @Test func `twelve for each connection, but no fewer than 256 and no more than 768`() {
        #expect(Prefetch.most(window: 4) == 256)
        #expect(Prefetch.most(window: 21) == 256)
        #expect(Prefetch.most(window: 22) == 264)
        #expect(Prefetch.most(window: 64) == 768)
        #expect(Prefetch.most(window: 65) == 768)
        #expect(Prefetch.most(window: 4, isCommittingSlow: true) == 1_280)
    }
}
