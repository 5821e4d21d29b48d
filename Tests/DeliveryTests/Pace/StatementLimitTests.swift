import Delivery
import Testing

@Test(arguments: [(0, 100), (1, 200), (2, 400), (4, 1_600), (5, 2_000), (500, 2_000)])
func `a statement gets more time after each failure`(failures: Int, milliseconds: Int) {
    #expect(StatementLimit.limit(failures: failures) == .milliseconds(milliseconds))
}
