import Delivery
import TestSupport
import Testing

/// A caller that behaves, a relay that does not: random outcomes in random order.
@Suite struct RelayBreakerPropertyTests {
    struct Caller {
        var breaker: RelayBreaker
        var now = steady(0)
        var underWay: [RelayBreaker.Epoch] = []
        var generator: SplitMix64

        init(limit: Int, seed: UInt64) {
            breaker = RelayBreaker(limit: limit, at: now)
            generator = SplitMix64(seed: seed)
        }

        var inThisEpoch: Int { underWay.count { $0 == breaker.epoch } }

        var mayStart: Bool { inThisEpoch < breaker.allowance(at: now) }

        mutating func start() {
            let epoch = breaker.started(at: now)
            underWay.append(epoch)
        }

        mutating func end(_ evidence: RelayEvidence) {
            let index = Int.random(in: underWay.indices, using: &generator)
            let epoch = underWay.remove(at: index)
            breaker.noted(evidence, at: now, in: epoch)
        }

        mutating func randomStep() {
            now = now + .milliseconds(Int64.random(in: 0...2_000, using: &generator))
            if mayStart, generator.chance(60) { start() }
            if generator.chance(1) {
                let limit = Int.random(in: 1...8, using: &generator)
                breaker.settingsChanged(limit: limit, at: now)
            }
            guard !underWay.isEmpty, generator.chance(50) else { return }
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<5: end(.works)
            case 5..<7: end(.trouble(.outage))
            case 7: end(.trouble(.badPassword))
            default: end(.nothing)
            }
        }
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func `the allowance is never above the limit, nor 0 for ever`(seed: UInt64) throws {
        var caller = Caller(limit: Int(seed % 7) + 1, seed: seed)
        for _ in 0..<400 {
            caller.randomStep()
            let allowance = caller.breaker.allowance(at: caller.now)
            #expect((0...caller.breaker.limit).contains(allowance))
            #expect((caller.breaker.state == .down) == (caller.breaker.trouble != nil))
            if caller.breaker.state == .down { #expect(caller.inThisEpoch <= 1) }
            if allowance == 0 {
                let nextProbeAt = try #require(caller.breaker.nextProbeAt)
                #expect(nextProbeAt > caller.now)
                #expect(nextProbeAt - caller.now <= .seconds(900))
                #expect(caller.breaker.allowance(at: nextProbeAt) == 1)
            }
        }
    }

    @Test(arguments: 100..<150 as Range<UInt64>)
    func `once the relay works, all connections are soon in use again`(seed: UInt64) {
        var caller = Caller(limit: 8, seed: seed)
        for _ in 0..<200 { caller.randomStep() }
        for _ in 0..<20 {
            while !caller.underWay.isEmpty { caller.end(.works) }
            caller.now = max(caller.now, caller.breaker.nextProbeAt ?? caller.now)
            #expect(caller.mayStart)
            caller.start()
        }
        #expect(caller.breaker.state == .up)
        #expect(caller.breaker.allowance(at: caller.now) == caller.breaker.limit)
    }

    @Test(arguments: 200..<220 as Range<UInt64>)
    func `logins that fail are never more frequent than their own schedule`(seed: UInt64) {
        var caller = Caller(limit: 4, seed: seed)
        let schedule = Doubling(from: .seconds(30), upTo: .seconds(900))
        var refusals: [SteadyTime] = []
        caller.start()
        while refusals.count < 10 {
            let isLogin = caller.generator.chance(50)
            caller.end(.trouble(isLogin ? .badPassword : .outage))
            if isLogin { refusals.append(caller.now) }
            caller.now = max(caller.now, caller.breaker.nextProbeAt ?? caller.now)
            caller.start()
        }
        for step in 1..<refusals.count {
            #expect(refusals[step] - refusals[step - 1] >= schedule.wait(step: step))
        }
    }
}
