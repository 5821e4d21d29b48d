import Testing

@testable import Engine

struct PrefetchStockTests {
    @Test func `while the relay is down all that is at hand counts, else not what has late mails`()
    {
        #expect(Prefetch.stock(atHand: 1, unwanted: 1, isDown: true) == 1)
        #expect(Prefetch.stock(atHand: 1, unwanted: 1, isDown: false) == 0)
        #expect(Prefetch.stock(atHand: 9, unwanted: 2, isDown: false) == 7)
    }
}
