import Delivery
import Testing

@Suite struct TakeoverBackoffTests {
    @Test(arguments: [
        (-1, 0), (0, 0), (1, 0), (2, 0), (3, 1), (4, 2), (5, 4), (6, 8), (7, 16), (8, 32), (9, 64),
        (10, 128), (11, 256), (12, 300), (13, 300), (Int.max, 300),
    ])
    func `a mail that kills the process waits longer each time`(takeovers: Int, seconds: Int) {
        #expect(TakeoverBackoff.delay(takeovers: takeovers) == .seconds(seconds))
    }
}
