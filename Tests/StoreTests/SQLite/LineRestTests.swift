import Delivery
import SQLite
import Store
import Testing

struct LineRestTests {
    @Test(arguments: [
        (0, 0), (20, 20), (50, 125), (100, 500), (200, 2_000), (282, 3_976), (283, 4_000),
        (10_000_000, 4_000),
    ])
    func `the longer a mail took, the longer the rest`(took: Int, milliseconds: Int) {
        #expect(LineRest.duration(after: .milliseconds(took)) == .milliseconds(milliseconds))
    }

    /// What took long and did little waited for the machine.
    @Test(arguments: [
        (1_999, nil), (2_000, Duration.milliseconds(70)), (50_000, .milliseconds(70)),
    ])
    func `what a mail took counts only where SQLite did much`(steps: Int, took: Duration?) {
        let start = Connection.Progress(steps: 7, nanoseconds: 1)
        let end = Connection.Progress(steps: 7 + steps, nanoseconds: 70_000_001)
        #expect(LineRest.long(from: start, to: end) == took)
    }

    @Test func `none is looked at before the last that took long has rested`() {
        var rest = LineRest()
        #expect(rest.end(at: seconds(1)) <= seconds(1))
        rest.begin(after: .milliseconds(100), at: seconds(1))
        #expect(rest.end(at: seconds(1)) == at(1_500))
        #expect(rest.end(at: seconds(2)) <= seconds(2))
    }

    @Test func `a clock that was set back lets nobody rest for longer`() {
        var rest = LineRest()
        rest.begin(after: .milliseconds(100), at: seconds(3_600))
        #expect(rest.end(at: seconds(1)) == seconds(1))
    }
}
