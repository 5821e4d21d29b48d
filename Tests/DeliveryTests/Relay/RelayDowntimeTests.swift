import Delivery
import Testing

@Suite struct RelayDowntimeTests {
    /// The waits after each of `count` troubles in a row, in seconds.
    func waits(_ trouble: RelayTrouble, count: Int) -> [Duration] {
        var downtime = RelayDowntime(trouble, at: steady(0))
        var waits = [downtime.nextProbeAt - steady(0)]
        for step in 1..<count {
            let now = steady(Double(step) * 10_000)
            downtime.note(trouble, at: now)
            waits.append(downtime.nextProbeAt - now)
        }
        return waits
    }

    // "after 1 s, doubling to 1 min for an outage"
    @Test func `an outage is probed after 1 s, doubling to 1 min`() {
        #expect(
            waits(.outage, count: 9) == [1, 2, 4, 8, 16, 32, 60, 60, 60].map { .seconds($0) })
    }

    // "after 30 s, doubling to 15 min, for credentials and certificates"
    @Test func `credentials are probed after 30 s, doubling to 15 min`() {
        #expect(
            waits(.badPassword, count: 7)
                == [30, 60, 120, 240, 480, 900, 900].map { .seconds($0) })
    }

    @Test func `each kind has a schedule of its own, so that logins never come faster`() {
        var downtime = RelayDowntime(.badPassword, at: steady(0))
        downtime.note(.badPassword, at: steady(30))
        #expect(downtime.nextProbeAt == steady(90))
        #expect(downtime.failures == 2)
        downtime.note(.outage, at: steady(90))
        #expect(downtime.nextProbeAt == steady(91))
        #expect(downtime.trouble == .outage)
        #expect(downtime.failures == 1)
        downtime.note(.badPassword, at: steady(91))
        #expect(downtime.nextProbeAt == steady(211))
        #expect(downtime.failures == 3)
        downtime.note(.outage, at: steady(211))
        #expect(downtime.nextProbeAt == steady(213))
    }

    @Test func `a probe that came back is followed by another in a second, off the schedule`() {
        var downtime = RelayDowntime(.badPassword, at: steady(0))
        downtime.probeReleased(at: steady(30))
        #expect(downtime.nextProbeAt == steady(31))
        downtime.note(.badPassword, at: steady(31))
        #expect(downtime.nextProbeAt == steady(91))
    }

    // "and at once after a change of settings"
    @Test func `new settings are probed at once, with the waits from their beginning`() {
        var downtime = RelayDowntime(.badPassword, at: steady(0))
        downtime.note(.badPassword, at: steady(30))
        downtime.note(.outage, at: steady(90))
        downtime.settingsChanged(at: steady(90.5))
        #expect(downtime.nextProbeAt == steady(90.5))
        #expect(downtime.trouble == .outage)
        downtime.note(.badPassword, at: steady(91))
        #expect(downtime.nextProbeAt == steady(121))
    }
}
