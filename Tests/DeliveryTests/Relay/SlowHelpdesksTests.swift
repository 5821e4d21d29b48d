import Delivery
import Testing

/// The table of ``SlowHelpdesks``, line by line.
struct SlowHelpdesksTests {
    private func helpdesks(_ took: (String, Duration)...) -> SlowHelpdesks {
        var helpdesks = SlowHelpdesks()
        for (helpdesk, took) in took { helpdesks.ended(helpdesk, took: took) }
        return helpdesks
    }

    @Test func `less than half a second is not slow`() {
        let known = helpdesks(("good", .milliseconds(1)), ("bad", .milliseconds(499)))
        #expect(!known.isSlow("bad") && known.isEmpty && known.slow.isEmpty)
    }

    @Test func `five times as long as another's is slow`() {
        let known = helpdesks(("good", .milliseconds(90)), ("bad", .milliseconds(500)))
        #expect(known.isSlow("bad") && known.slow == ["bad"] && !known.isEmpty)
        #expect(!known.isSlow("good") && !known.isSlow("unknown"))
        // The other way round.
        #expect(helpdesks(("bad", .seconds(3)), ("good", .milliseconds(90))).isSlow("bad"))
    }

    @Test func `if the relay is slow with everybody nobody is slow`() {
        let known = helpdesks(("good", .seconds(1)), ("bad", .seconds(4)))
        #expect(!known.isSlow("bad") && !known.isSlow("good"))
    }

    @Test func `a helpdesk alone is not slow`() {
        let known = helpdesks(("only", .milliseconds(5)), ("only", .seconds(3)))
        #expect(!known.isSlow("only") && known.slow.isEmpty)
    }

    @Test func `a helpdesk is slow no longer after some quick mails`() {
        var known = helpdesks(("good", .milliseconds(5)), ("bad", .seconds(3)))
        for _ in 0..<6 { known.ended("bad", took: .milliseconds(5)) }
        #expect(known.isSlow("bad"))
        known.ended("bad", took: .milliseconds(5))
        #expect(!known.isSlow("bad") && known.isEmpty)
    }

    @Test func `a relay that becomes slow with everybody is noticed`() {
        var known = helpdesks(("good", .milliseconds(5)))
        var mails = 0
        repeat {
            mails += 1
            known.ended("bad", took: .seconds(3))
        } while known.isSlow("bad") && mails < 1_000
        #expect((100..<300).contains(mails))
    }

    @Test func `a helpdesk with quick mails too is compared with another's`() {
        var known = helpdesks(("good", .milliseconds(5)), ("bad", .seconds(3)))
        known.ended("bad", took: .milliseconds(1))
        known.ended("bad", took: .seconds(3))
        #expect(known.isSlow("bad"))
    }

    @Test func `the two quickest are remembered`() {
        var known = helpdesks(("one", .seconds(1)), ("two", .seconds(2)), ("bad", .seconds(3)))
        #expect(known.slow.isEmpty)
        known.ended("three", took: .milliseconds(5))
        known.ended("four", took: .milliseconds(6))
        #expect(known.slow == ["one", "two", "bad"])
        // Longer than theirs: forgotten.
        known.ended("five", took: .milliseconds(30))
        known.ended("three", took: .seconds(4))
        #expect(known.isSlow("three"))
    }

    @Test func `only the slowest are remembered`() {
        var known = helpdesks(("good", .milliseconds(1)))
        for index in 0..<200 { known.ended("h\(index)", took: .seconds(index + 1)) }
        #expect(known.slow.count == SlowHelpdesks.mostRemembered)
        #expect(known.isSlow("h199") && !known.isSlow("h0"))
    }

    @Test(arguments: [(1, 1), (2, 1), (3, 1), (4, 2), (16, 8)])
    func `half of the connections`(limit: Int, most: Int) {
        #expect(SlowHelpdesks.most(limit: limit) == most)
    }

    @Test(arguments: [(0, 1, 0), (1, 1, 1), (1, 2, 0), (4, 4, 1), (3, 4, 0), (4, 1, 4)])
    func `one connection is left for the others`(underWay: Int, allowed: Int, spared: Int) {
        #expect(SlowHelpdesks.spared(underWay: underWay, allowed: allowed) == spared)
    }
}
