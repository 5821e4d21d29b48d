import Delivery
import Testing

/// The table of ``Newcomers``.
struct NewcomersTests {
    @Test func `what came later is tried at once, what was there before is not`() {
        let newcomers = Newcomers(after: 10)
        #expect(newcomers.after == 10)
        #expect(!newcomers.allows(9, at: wall(0)) && !newcomers.allows(10, at: wall(0)))
        #expect(newcomers.allows(11, at: wall(0)))
    }

    @Test func `with each that is refused in a row the next waits longer`() {
        var newcomers = Newcomers(after: 10)
        var now = wall(100)
        for (number, pause) in [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5, 5].enumerated() {
            newcomers.refused(Int64(11 + number), wasUnderWay: false, at: now)
            #expect(newcomers.earliest == now + .seconds(pause))
            #expect(!newcomers.allows(99, at: now + .seconds(pause) - .milliseconds(1)))
            #expect(newcomers.allows(99, at: now + .seconds(pause)))
            now = now + .seconds(10)
        }
        #expect(newcomers.after == 18)
    }

    /// A probe that was there before says nothing of those that came later.
    @Test func `one of before that is refused changes nothing`() {
        var newcomers = Newcomers(after: 10)
        newcomers.refused(7, wasUnderWay: false, at: wall(100))
        #expect(newcomers == Newcomers(after: 10))
    }

    @Test func `a clock that was set back keeps nobody waiting`() {
        var newcomers = Newcomers(after: 10)
        newcomers.refused(11, wasUnderWay: false, at: wall(4_000))
        #expect(newcomers.allows(12, at: wall(100)))
    }

    @Test func `what was under way already is none, and makes none wait`() {
        var newcomers = Newcomers(after: 10)
        newcomers.refused(14, wasUnderWay: true, at: wall(0))
        #expect(!newcomers.allows(14, at: wall(0)))
        #expect(newcomers.allows(15, at: wall(0)))
    }
}
