import Delivery
import Testing

@Test(arguments: [(0, 100), (1, 200), (2, 400), (3, 400), (500, 400)])
func `a statement gets more time after each failure`(failures: Int, milliseconds: Int) {
    #expect(StatementLimit.limit(failures: failures) == .milliseconds(milliseconds))
}
