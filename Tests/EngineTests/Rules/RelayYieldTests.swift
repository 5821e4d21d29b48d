import Delivery
import Testing

@testable import Engine

@Suite("When the processor is given up before the relay is waited for")
struct RelayYieldTests {
    private let start = SteadyTime(nanoseconds: 1_000_000_000)

    @Test("not for a single reply")
    func needsTwo() {
        let rule = RelayYield()
        #expect(!rule.mayYield(underWay: 0, at: start) && !rule.mayYield(underWay: 1, at: start))
        #expect(rule.mayYield(underWay: 2, at: start))
    }

    @Test(
        "as long as it takes no longer than a relay needs",
        arguments: [(2, 200), (4, 400), (20, 2_000), (64, 2_000)])
    func longerThanReplies(mails: Int, microseconds: Int) {
        var rule = RelayYield()
        let allowed = start + .microseconds(microseconds)
        rule.yielded(underWay: mails, from: start, to: allowed)
        #expect(rule.mayYield(underWay: mails, at: allowed))
        let long = start + .microseconds(microseconds + 1)
        rule.yielded(underWay: mails, from: start, to: long)
        #expect(!rule.mayYield(underWay: mails, at: long))
    }

    @Test("sixteen times as long as another process had it, not longer")
    func rests() {
        var rule = RelayYield()
        let end = start + .milliseconds(3)
        rule.yielded(underWay: 4, from: start, to: end)
        #expect(!rule.mayYield(underWay: 4, at: end + .microseconds(47_999)))
        #expect(rule.mayYield(underWay: 4, at: end + .milliseconds(48)))
        let next = end + .milliseconds(50)
        rule.yielded(underWay: 4, from: next, to: next + .microseconds(10))
        #expect(rule.mayYield(underWay: 4, at: next + .microseconds(10)))
    }
}
