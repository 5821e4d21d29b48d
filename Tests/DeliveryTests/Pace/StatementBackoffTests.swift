import Delivery
import Testing

struct StatementBackoffTests {
    @Test(arguments: [(0, 1), (1, 1), (2, 2), (3, 4), (9, 256), (10, 300), (1_000_000, 300)])
    func `each line of the table`(failures: Int, seconds: Int) {
        #expect(StatementBackoff.delay(failures: failures) == .seconds(seconds))
    }
}
