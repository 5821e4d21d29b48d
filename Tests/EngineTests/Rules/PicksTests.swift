import Delivery
import Store
import Testing

@testable import Engine

/// The rows that a drain is to send and no others: each line of the table.
struct PicksTests {
    private static let now = WallTime(milliseconds: 1_900_000_000_000)

    private static func inLine(
        _ row: Int64, _ turn: TurnClass = .first, due: Int64 = 0, parked: Bool = false,
        rests: Int64? = nil, instant: Int64? = nil, helpdesk: String = "h"
    ) -> RowStanding {
        RowStanding(
            row: row, mailID: row * 10,
            .inLine(
                .init(
                    helpdeskID: helpdesk, turn: turn, dueAt: now + .milliseconds(due),
                    isParked: parked, restsUntil: rests.map { now + .milliseconds($0) },
                    instantAt: instant.map { now + .milliseconds($0) })))
    }

    /// One row that was looked at and stands so.
    private static func filed(
        _ place: RowStanding, ignoresHold: Bool = false, wasOffered: Bool = false
    ) -> Picks {
        var picks = Picks([place.row], ignoresHold: ignoresHold)
        _ = picks.takeUnknown(10)
        picks.file([place], at: now, wereOffered: wasOffered)
        return picks
    }

    /// What is done about it in one word, and when it is looked at next.
    private static func summary(_ picks: Picks) -> String {
        if picks.hasReady { return "ready" }
        if picks.hasAwaited { return "awaited" }
        let deferred = picks.hasDeferred ? " deferred" : ""
        guard let next = picks.nextAt(now) else { return "no more" + deferred }
        return "wait \((next - now).inMilliseconds)" + deferred
    }

    @Test(arguments: [
        (RowStanding(row: 1, .notIngested), "awaited"),
        (RowStanding(row: 1, .putOff(until: now + .seconds(9))), "wait 9000"),
        (inLine(1), "ready"),
        (inLine(1, due: 500), "wait 500"),
        (inLine(1, .retry), "ready"),
        (inLine(1, .retry, due: 500), "wait 500 deferred"),
        (inLine(1, due: 500, instant: -9), "ready"),
        (inLine(1, due: 500, instant: 200), "wait 200"),
        (inLine(1, due: -5, instant: 200), "ready"),
        // A park may be out of date: it is tried once.
        (inLine(1, parked: true), "ready"),
        (RowStanding(row: 1, mailID: 2, .behind), "no more deferred"),
        (RowStanding(row: 1, mailID: 2, .sending), "wait 1000 deferred"),
        (RowStanding(row: 1, mailID: 2, .uncertain), "no more"),
        (RowStanding(row: 1, mailID: 2, .failed), "no more"),
        (RowStanding(row: 1, .through), "no more"),
    ])
    func `what is done about a row follows from where it stands`(
        standing: RowStanding, expected: String
    ) {
        #expect(Self.summary(Self.filed(standing)) == expected)
    }

    @Test(arguments: [
        (inLine(1), "ready"),
        (inLine(1, parked: true), "no more"),
        (inLine(1, parked: true, rests: 300), "wait 300 deferred"),
        (inLine(1, parked: true, rests: -300), "wait 20 deferred"),
    ])
    func `one that a claim has passed over waits for what its line is parked for`(
        standing: RowStanding, expected: String
    ) {
        #expect(Self.summary(Self.filed(standing, wasOffered: true)) == expected)
    }

    /// Else it would be offered for ever.
    @Test func `one that was made instant and is not claimed waits for its mail`() {
        let made = Self.inLine(1, due: 500, instant: -9)
        #expect(Self.summary(Self.filed(made, wasOffered: true)) == "wait 500")
    }

    @Test func `--now does not wait for a hold, and does for a retry`() {
        #expect(Self.summary(Self.filed(Self.inLine(1, due: 500), ignoresHold: true)) == "ready")
        let retry = Self.inLine(1, .retry, due: 500)
        #expect(Self.summary(Self.filed(retry, ignoresHold: true)) == "wait 500 deferred")
    }

    private static func ready(_ standings: [RowStanding]) -> Picks {
        var picks = Picks(standings.map(\.row))
        #expect(picks.takeUnknown(100) == standings.map(\.row))
        picks.file(standings, at: now)
        return picks
    }

    @Test func `they are taken in their turns`() {
        var picks = Self.ready(
            [Self.inLine(1, .retry), Self.inLine(2)] + (3...8).map { Self.inLine($0, .instant) })
        #expect(picks.take(100) == [3, 4, 5, 2, 6, 7, 8, 1])
    }

    @Test func `a row that went out with another of its mail is not taken`() {
        var picks = Self.ready([Self.inLine(1), Self.inLine(2), Self.inLine(3)])
        #expect(picks.take(1) == [1])
        picks.claimed([1, 2])
        picks.offered([1])
        #expect(picks.takeLeft() == [])
        #expect(picks.readyCount == 1)
        #expect(picks.take(10) == [3])
    }

    @Test func `one that there was no room for is the next`() {
        var picks = Self.ready([Self.inLine(1), Self.inLine(2), Self.inLine(3)])
        #expect(picks.take(2) == [1, 2])
        picks.giveBack([2])
        picks.offered([1, 2])
        #expect(picks.takeLeft() == [1])
        #expect(picks.take(10) == [2, 3])
    }

    @Test func `what became of a mail is looked at, and what it stood before as well`() {
        var picks = Self.ready([Self.inLine(1), RowStanding(row: 2, mailID: 5, .behind)])
        _ = picks.take(1)
        picks.claimed([1, 77])
        #expect(picks.isKnown && !picks.hasReady)
        let early = picks.lookAgainAtBehind()
        #expect(!early)
        picks.ended([1, 77])
        #expect(picks.takeUnknown(10) == [1])
        let late = picks.lookAgainAtBehind()
        #expect(late)
        #expect(picks.takeUnknown(10) == [2])
    }

    @Test func `one whose time has come is looked at`() {
        var picks = Self.ready([Self.inLine(1, due: 500), Self.inLine(2, .retry, due: 400)])
        picks.wake(at: Self.now + .milliseconds(399))
        #expect(picks.takeUnknown(10) == [])
        picks.wake(at: Self.now + .milliseconds(500))
        #expect(picks.takeUnknown(10) == [2, 1])
        #expect(!picks.hasDeferred)
    }

    @Test func `one that is not there after all is waited for once`() {
        var picks = Self.filed(RowStanding(row: 1, .notIngested))
        #expect(picks.takeAwaited() == [1])
        #expect(picks.takeUnknown(10) == [1])
        picks.file([RowStanding(row: 1, .notIngested)], at: Self.now)
        #expect(picks.isKnown && Self.summary(picks) == "no more")
    }

    @Test func `one that may have been ingested meanwhile is looked at, and not given up`() {
        var picks = Self.filed(RowStanding(row: 1, .notIngested))
        picks.lookAgainAtAwaited()
        #expect(picks.takeUnknown(10) == [1])
        picks.file([RowStanding(row: 1, .notIngested)], at: Self.now)
        #expect(picks.hasAwaited && !picks.isKnown)
    }

    @Test func `what waits is looked at when something has changed`() {
        var picks = Self.ready([
            Self.inLine(1, due: 500), Self.inLine(2, .retry, due: 400), Self.inLine(3),
        ])
        _ = picks.take(1)
        picks.file([Self.inLine(3, parked: true)], at: Self.now, wereOffered: true)
        #expect(picks.waitingCount == 3)
        picks.lookAgainAtWaiting()
        #expect(picks.takeUnknown(10) == [2, 1, 3] && picks.waitingCount == 0)
        #expect(!picks.hasDeferred)
    }

    @Test func `what is ready is known by helpdesk`() {
        var picks = Self.ready([
            Self.inLine(1, helpdesk: "a"), Self.inLine(2, helpdesk: "b"),
            Self.inLine(3, helpdesk: "b"),
        ])
        #expect(picks.readyByHelpdesk == ["a": 1, "b": 2])
        #expect(picks.take(2) == [1, 2])
        #expect(picks.readyByHelpdesk == ["b": 1])
        picks.giveBack([1])
        picks.claimed([2, 3])
        #expect(picks.readyByHelpdesk == ["a": 1] && picks.readyCount == 1)
        #expect(picks.mails == [10, 20, 30])
    }

    @Test func `failed and blocked ones are looked at when they may wait again`() {
        var picks = Self.ready([RowStanding(row: 1, mailID: 3, .failed), Self.inLine(2)])
        _ = picks.take(1)
        picks.file([Self.inLine(2, parked: true)], at: Self.now, wereOffered: true)
        #expect(picks.isKnown && !picks.hasReady)
        picks.lookAgainAtFailed()
        #expect(Set(picks.takeUnknown(10)) == [1, 2])
    }

    @Test func `a schedule gives each row at its time, the first first`() {
        var random = SystemRandomNumberGenerator()
        let times = (0..<500).map { _ in Int64.random(in: 0..<100, using: &random) }
        var schedule = Schedule()
        for (row, time) in times.enumerated() {
            schedule.add(Int64(row), at: Self.now + .milliseconds(time))
        }
        var seen: [Int64] = []
        for tick in 0..<Int64(100) {
            while let row = schedule.pop(at: Self.now + .milliseconds(tick)) {
                #expect(times[Int(row)] == tick)
                seen.append(row)
            }
        }
        #expect(seen.count == 500 && Set(seen).count == 500 && schedule.nextAt == nil)
    }
}
