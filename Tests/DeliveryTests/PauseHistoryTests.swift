import Delivery
import Testing

struct PauseHistoryTests {
    private typealias Change = PauseHistory.Change

    private static func at(_ seconds: Int64) -> WallTime { WallTime(milliseconds: seconds * 1_000) }
    private static func pause(_ helpdesk: String, _ at: Int64) -> Change {
        Change(at: Self.at(at), helpdesk: helpdesk, isPause: true)
    }
    private static func end(_ helpdesk: String, _ at: Int64) -> Change {
        Change(at: Self.at(at), helpdesk: helpdesk, isPause: false)
    }

    private func total(_ changes: [Change], since: Int64 = 0, to now: Int64 = 100) -> Duration {
        PauseHistory(changes).total(since: Self.at(since), to: Self.at(now))
    }

    @Test func `paused time counts once`() {
        #expect(total([]) == .zero)
        #expect(total([Self.pause("", 10), Self.end("", 15)]) == .seconds(5))
        #expect(
            total([Self.pause("", 1), Self.pause("a", 3), Self.end("", 5), Self.end("a", 8)])
                == .seconds(7))
        #expect(
            total([Self.pause("a", 1), Self.end("a", 2), Self.pause("", 50), Self.end("", 52)])
                == .seconds(3))
    }

    @Test func `only the time that is asked about counts`() {
        let changes = [Self.pause("", 10), Self.end("", 30)]
        #expect(total(changes, since: 20) == .seconds(10) && total(changes, since: 30) == .zero)
        #expect(total(changes, to: 15) == .seconds(5) && total(changes, to: 5) == .zero)
    }

    @Test func `a pause that has not ended lasts until now`() {
        #expect(total([Self.pause("a", 90)]) == .seconds(10))
        // An end whose beginning is not known any more.
        #expect(total([Self.end("a", 50)]) == .zero)
    }

    /// An operator's end is not the API server's.
    @Test func `either holds`() {
        let byAPI = Change(at: Self.at(10), helpdesk: "a", isPause: true, isByAPI: true)
        let apiEnd = Change(at: Self.at(40), helpdesk: "a", isPause: false, isByAPI: true)
        #expect(
            total([byAPI, Self.pause("a", 20), Self.end("a", 30), apiEnd]) == .seconds(30))
    }
}
