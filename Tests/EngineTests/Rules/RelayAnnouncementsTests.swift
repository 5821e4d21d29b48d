import Delivery
import Store
import Testing

@testable import Engine

/// The table of ``RelayAnnouncements``.
struct RelayAnnouncementsTests {
    private static let up = RelayStatus(state: .up, since: WallTime(milliseconds: 1))

    private static func down(_ text: String = "no") -> RelayStatus {
        RelayStatus(
            state: .down, since: WallTime(milliseconds: 1),
            error: DeliveryError(stage: .rcpt, text: text))
    }

    /// What is told of a row of states, each at so many milliseconds.
    private func told(_ states: [(Int, RelayStatus)]) -> [Int] {
        var announcements = RelayAnnouncements()
        return states.filter { milliseconds, status in
            let now = SteadyTime(nanoseconds: Int64(milliseconds) * 1_000_000)
            return announcements.take(status, at: now)
        }.map(\.0)
    }

    @Test func `each change is told once`() {
        #expect(
            told([
                (0, Self.up), (1, Self.up), (20_000, Self.down()), (21_000, Self.down()),
                (22_000, Self.down("other")), (30_000, Self.up), (31_000, Self.up),
            ]) == [0, 20_000, 22_000, 30_000])
    }

    /// Its silence has a line of its own.
    @Test func `a relay that nothing is known of is not told`() {
        let silent = RelayStatus(
            state: .unknown, since: WallTime(milliseconds: 1),
            error: DeliveryError(stage: .greeting, text: "silent"))
        #expect(told([(0, silent), (1, silent), (20_000, Self.up)]) == [20_000])
    }

    @Test func `trouble that flickers is told once`() {
        var states = [(0, Self.up)]
        for time in stride(from: 1_000, to: 60_000, by: 250) {
            states += [(time, Self.down()), (time + 100, Self.up)]
        }
        #expect(told(states) == [0, 1_000, 1_100])
        states += [(75_000, Self.down()), (75_100, Self.up)]
        #expect(told(states) == [0, 1_000, 1_100, 75_000, 75_100])
    }

    @Test func `flickering that becomes an outage is told after a second`() {
        #expect(
            told([
                (0, Self.down()), (100, Self.up), (500, Self.down()), (1_400, Self.down()),
                (1_500, Self.down()), (3_000, Self.down()), (9_000, Self.up),
            ]) == [0, 100, 1_500, 9_000])
    }
}
