import Delivery
import Testing

/// The table of ``RelayBreaker``, line by line; each test is named for its line.
@Suite struct RelayBreakerTests {
    /// Closed and unknown, with window 1, as after a change of settings at second 0.
    static func fresh(limit: Int = 4) -> RelayBreaker {
        var breaker = RelayBreaker(limit: limit, at: steady(0))
        breaker.settingsChanged(limit: limit, at: steady(0))
        return breaker
    }

    /// Closed and up since second 1, window 2.
    static func up(limit: Int = 4) -> RelayBreaker {
        var breaker = fresh(limit: limit)
        let epoch = breaker.started(at: steady(0))
        breaker.succeeded(at: steady(1), in: epoch)
        return breaker
    }

    /// Open since second 10, the first probe at second 11.
    static func open() -> RelayBreaker {
        var breaker = up()
        let epoch = breaker.started(at: steady(9))
        breaker.troubled(.outage, at: steady(10), in: epoch)
        return breaker
    }

    /// Probing since second 11.
    static func probing() -> (RelayBreaker, RelayBreaker.Epoch) {
        var breaker = open()
        let epoch = breaker.started(at: steady(11))
        return (breaker, epoch)
    }

    // "`relay` (`{"state":"up|down|unknown","since","error"}`)"
    @Test func `the relay's states are the contract's`() {
        #expect(RelayState.allCases.map(\.rawValue) == ["up", "down", "unknown"])
    }

    @Test func `it begins closed, unknown, with the whole window`() {
        let breaker = RelayBreaker(limit: 4, at: steady(0))
        #expect(breaker.state == .unknown)
        #expect(breaker.since == steady(0))
        #expect(breaker.allowance(at: steady(0)) == 4)
        #expect(breaker.nextProbeAt == nil)
        #expect(breaker.downtime == nil)
        #expect(RelayBreaker(limit: 0, at: steady(0)).limit == 1)
    }

    @Test func `closed, started: the same`() {
        var breaker = Self.up()
        let before = breaker
        let epoch = breaker.started(at: steady(5))
        #expect(breaker == before)
        #expect(epoch == breaker.epoch)
    }

    // "the number of connections in use doubles with each success up to the limit"
    @Test(arguments: [
        (1, [1, 1, 1]), (2, [1, 2, 2]), (4, [1, 2, 4, 4]), (6, [1, 2, 4, 6, 6]),
        (16, [1, 2, 4, 8, 16, 16]),
    ])
    func `closed, succeeded: the window doubles up to the limit`(limit: Int, windows: [Int]) {
        var breaker = Self.fresh(limit: limit)
        var seen: [Int] = []
        for second in 0..<windows.count {
            let now = steady(Double(second))
            seen.append(breaker.allowance(at: now))
            let epoch = breaker.started(at: now)
            breaker.succeeded(at: now, in: epoch)
        }
        #expect(seen == windows)
        #expect(breaker.state == .up)
        #expect(breaker.since == steady(0))
    }

    // "Delivery pauses and the relay is probed"
    @Test(arguments: [false, true])
    func `closed, troubled: open, down, first wait of its kind`(wasUp: Bool) {
        for (trouble, wait) in [(RelayTrouble.outage, 1.0), (.badPassword, 30)] {
            var breaker = wasUp ? Self.up() : Self.fresh()
            let epoch = breaker.started(at: steady(9))
            breaker.troubled(trouble, at: steady(10), in: epoch)
            #expect(breaker.state == .down)
            #expect(breaker.since == steady(10))
            #expect(breaker.trouble == trouble)
            #expect(breaker.downtime?.failures == 1)
            #expect(breaker.nextProbeAt == steady(10 + wait))
            #expect(breaker.allowance(at: steady(10 + wait - 0.001)) == 0)
            #expect(breaker.allowance(at: steady(10 + wait)) == 1)
        }
    }

    @Test func `closed, released: the same`() {
        var breaker = Self.up()
        let before = breaker
        breaker.released(at: steady(5), in: breaker.epoch)
        #expect(breaker == before)
    }

    @Test func `closed, settings changed: unknown, window 1, of the new limit`() {
        var breaker = Self.up()
        let old = breaker.epoch
        breaker.settingsChanged(limit: 8, at: steady(5))
        #expect(breaker.state == .unknown)
        #expect(breaker.since == steady(5))
        #expect(breaker.allowance(at: steady(5)) == 1)
        #expect(breaker.limit == 8)
        #expect(breaker.epoch != old)
    }

    @Test func `open, started before the probe's time: the same`() {
        var breaker = Self.open()
        let before = breaker
        _ = breaker.started(at: steady(10.999))
        #expect(breaker == before)
    }

    @Test func `open, started at the probe's time: probing`() {
        let (breaker, _) = Self.probing()
        // The one probe is under way.
        #expect(breaker.allowance(at: steady(99)) == 1 && breaker.nextProbeAt == nil)
        #expect(breaker.state == .down)
        #expect(breaker.since == steady(10))
        #expect(breaker.trouble == .outage)
        #expect(breaker.nextProbeAt == nil)
        // "one mail at a time": the probe itself takes the one place there is.
        #expect(breaker.allowance(at: steady(3_600)) == 1)
    }

    @Test func `open, succeeded: closed, up, window 2`() {
        var breaker = Self.open()
        breaker.succeeded(at: steady(10.5), in: breaker.epoch)
        #expect(breaker.state == .up)
        #expect(breaker.since == steady(10.5))
        #expect(breaker.allowance(at: steady(10.5)) == 2)
    }

    @Test func `open, troubled or released: the same`() {
        var breaker = Self.open()
        let before = breaker
        breaker.troubled(.badPassword, at: steady(10.5), in: breaker.epoch)
        breaker.released(at: steady(10.5), in: breaker.epoch)
        #expect(breaker == before)
    }

    // "and at once after a change of settings"
    @Test func `open, hastened: probe at once, and the others go on as if it had not been`() {
        var breaker = RelayBreaker(limit: 4, at: steady(0))
        breaker.hasten(at: steady(0))
        #expect(breaker.state == .unknown && breaker.allowance(at: steady(0)) == 4)
        breaker.troubled(.outage, at: steady(0), in: breaker.epoch)
        #expect(breaker.allowance(at: steady(0.5)) == 0)
        breaker.hasten(at: steady(0.5))
        #expect(breaker.allowance(at: steady(0.5)) == 1)
        let epoch = breaker.started(at: steady(0.5))
        // It is under way: nothing is hastened any more.
        breaker.hasten(at: steady(0.6))
        breaker.troubled(.outage, at: steady(0.7), in: epoch)
        #expect(breaker.nextProbeAt == steady(1))
        for _ in 0..<30 {
            breaker.hasten(at: steady(0.8))
            breaker.troubled(.outage, at: steady(0.9), in: breaker.started(at: steady(0.8)))
        }
        #expect(breaker.nextProbeAt == steady(1))
        breaker.troubled(.outage, at: steady(1), in: breaker.started(at: steady(1)))
        #expect(breaker.nextProbeAt == steady(3))
        // It ends when a regular one was due: that goes at once, and counts.
        breaker.hasten(at: steady(2.9))
        breaker.troubled(.outage, at: steady(9), in: breaker.started(at: steady(2.9)))
        #expect(breaker.nextProbeAt == steady(9))
        breaker.troubled(.outage, at: steady(9), in: breaker.started(at: steady(9)))
        #expect(breaker.nextProbeAt == steady(13))
    }

    @Test func `open, settings changed: probe at once, waits from their beginning`() {
        var breaker = Self.up()
        breaker.troubled(.badPassword, at: steady(10), in: breaker.epoch)
        breaker.settingsChanged(limit: 2, at: steady(12))
        #expect(breaker.state == .down)
        #expect(breaker.since == steady(10))
        #expect(breaker.nextProbeAt == steady(12))
        #expect(breaker.allowance(at: steady(12)) == 1)
        let epoch = breaker.started(at: steady(12))
        breaker.troubled(.badPassword, at: steady(13), in: epoch)
        #expect(breaker.nextProbeAt == steady(43))
        #expect(breaker.limit == 2)
    }

    @Test func `probing, started: the same`() {
        var (breaker, epoch) = Self.probing()
        let before = breaker
        let second = breaker.started(at: steady(12))
        #expect(breaker == before)
        #expect(second == epoch)
    }

    @Test(arguments: [(4, 8, 8), (4, 2, 2), (4, 0, 1), (2, 8, 2), (2, 1, 1)])
    func `closed, limit changed: the whole window stays whole, another is cut`(
        window: Int, limit: Int, after: Int
    ) {
        var breaker = RelayBreaker(limit: 4, at: steady(0))
        if window < 4 {
            breaker = Self.open()
            let epoch = breaker.started(at: steady(11))
            breaker.succeeded(at: steady(12), in: epoch)
        }
        #expect(breaker.allowance(at: steady(13)) == window)
        let (state, epoch) = (breaker.state, breaker.epoch)
        breaker.limitChanged(to: limit)
        #expect(breaker.allowance(at: steady(13)) == after)
        #expect(breaker.state == state && breaker.epoch == epoch)
    }

    @Test func `open, probing, limit changed: the same`() {
        var (breaker, epoch) = Self.probing()
        breaker.limitChanged(to: 8)
        #expect(breaker.allowance(at: steady(11)) == 1)
        breaker.succeeded(at: steady(12), in: epoch)
        breaker.succeeded(at: steady(12), in: epoch)
        breaker.succeeded(at: steady(12), in: epoch)
        #expect(breaker.allowance(at: steady(12)) == 8)
    }

    // "When it works again, the number of connections in use doubles with each success"
    @Test func `probing, succeeded: closed, up, window 2`() {
        var (breaker, epoch) = Self.probing()
        breaker.succeeded(at: steady(12), in: epoch)
        #expect(breaker.state == .up)
        #expect(breaker.since == steady(12))
        #expect(breaker.trouble == nil)
        #expect(breaker.allowance(at: steady(12)) == 2)
        breaker.succeeded(at: steady(13), in: epoch)
        #expect(breaker.allowance(at: steady(13)) == 4)
        #expect(breaker.since == steady(12))
    }

    @Test func `probing, troubled: open, next wait of its kind`() {
        var (breaker, epoch) = Self.probing()
        breaker.troubled(.outage, at: steady(12), in: epoch)
        #expect(breaker.state == .down)
        #expect(breaker.since == steady(10))
        #expect(breaker.nextProbeAt == steady(14))
        let next = breaker.started(at: steady(14))
        breaker.troubled(.badPassword, at: steady(15), in: next)
        #expect(breaker.nextProbeAt == steady(45))
        #expect(breaker.trouble == .badPassword)
    }

    @Test func `probing, released: probe again in a second`() {
        var (breaker, epoch) = Self.probing()
        breaker.released(at: steady(12), in: epoch)
        #expect(breaker.state == .down)
        #expect(breaker.nextProbeAt == steady(13))
        let next = breaker.started(at: steady(13))
        breaker.troubled(.outage, at: steady(14), in: next)
        #expect(breaker.nextProbeAt == steady(16))
    }

    @Test func `probing, settings changed: probe at once, and the old probe says nothing`() {
        var (breaker, old) = Self.probing()
        breaker.settingsChanged(limit: 4, at: steady(12))
        #expect(breaker.nextProbeAt == steady(12))
        #expect(breaker.allowance(at: steady(12)) == 1)
        let before = breaker
        breaker.succeeded(at: steady(13), in: old)
        breaker.troubled(.outage, at: steady(13), in: old)
        breaker.released(at: steady(13), in: old)
        #expect(breaker == before)
    }

    @Test func `a result from an earlier epoch: the same, in every state`() {
        var breaker = Self.up()
        let old = breaker.started(at: steady(2))
        breaker.troubled(.outage, at: steady(10), in: old)
        func ignoresOld() {
            var other = breaker
            other.succeeded(at: steady(11.5), in: old)
            other.troubled(.badPassword, at: steady(11.5), in: old)
            other.released(at: steady(11.5), in: old)
            #expect(other == breaker)
        }
        ignoresOld()
        let probe = breaker.started(at: steady(11))
        ignoresOld()
        breaker.succeeded(at: steady(12), in: probe)
        ignoresOld()
    }

    @Test func `connections that fail at one moment are one trouble`() {
        var breaker = Self.fresh(limit: 8)
        for _ in 0..<3 { breaker.succeeded(at: steady(1), in: breaker.epoch) }
        let epochs = (0..<8).map { _ in breaker.started(at: steady(2)) }
        for epoch in epochs { breaker.troubled(.outage, at: steady(3), in: epoch) }
        #expect(breaker.downtime?.failures == 1)
        #expect(breaker.nextProbeAt == steady(4))
    }
}
