import Delivery
import Testing

@testable import Engine
@testable import Store

/// The table of ``PruneSchedule``.
struct PruneScheduleTests {
    private let minute: Duration = .seconds(60)

    private func after(_ milliseconds: Int64) -> SteadyTime {
        SteadyTime(nanoseconds: 1_000_000_000_000 + milliseconds * 1_000_000)
    }

    private func step(_ change: (inout PruneStep) -> Void) -> PruneStep {
        var step = PruneStep(place: PrunePlace())
        change(&step)
        return step
    }

    /// Whether a step begins.
    private func expect(
        _ begins: Bool, _ schedule: inout PruneSchedule, _ milliseconds: Int64,
        besidesWork: Bool = false, at location: SourceLocation = #_sourceLocation
    ) {
        let began = schedule.begin(besidesWork: besidesWork, at: after(milliseconds))
        #expect(began == begins, sourceLocation: location)
    }

    private func next(
        _ step: PruneStep, took: Int64 = 5, isBusy: Bool = false
    ) -> PruneSchedule {
        var schedule = PruneSchedule()
        #expect(schedule.isDue(at: after(0)))
        expect(true, &schedule, 0)
        schedule.stepped(
            step, from: after(0), lockedAt: after(1), at: after(took), isBusy: isBusy,
            lookInterval: minute)
        return schedule
    }

    @Test func `a tenth of one core, and a hundredth while mails are under way`() {
        let some = step { $0.rows = 9 }
        #expect(next(some).nextAt == after(5 + 120))
        #expect(next(some, isBusy: true).nextAt == after(5 + 1_200))
    }

    @Test func `a step takes as many rows as a few milliseconds let it`() {
        let all = step { $0.looked = 50 }
        #expect(next(all, took: 3).limit == 63)
        #expect(next(step { $0.looked = 49 }, took: 3).limit == 50)
        #expect(next(all, took: 4).limit == 50 && next(all, took: 5).limit == 50)
        #expect(next(all, took: 6).limit == 25)
        #expect(next(step { $0.isLocked = true }, took: 7).limit == 50)
        var schedule = next(all, took: 3)
        for _ in 0..<20 {
            schedule.stepped(
                step { $0.looked = schedule.limit }, from: after(0), lockedAt: after(0),
                at: after(2), isBusy: false, lookInterval: minute)
        }
        #expect(schedule.limit == 100)
        for _ in 0..<20 {
            schedule.stepped(
                all, from: after(0), lockedAt: after(0), at: after(9), isBusy: false,
                lookInterval: minute)
        }
        #expect(schedule.limit == 1)
    }

    @Test func `a minute where there is nothing more`() {
        let schedule = next(step { $0.isThrough = true })
        #expect(schedule.nextAt == after(5 + 60_000))
        #expect(!schedule.isDue(at: after(60_004)) && schedule.isDue(at: after(60_005)))
    }

    @Test func `a lock is tried again soon, a row that takes long much later`() {
        #expect(next(step { $0.isLocked = true }).nextAt == after(105))
        let slow = step {
            $0.kept = [.init(id: 1, text: "took longer", isSlow: true)]
            $0.isThrough = true
        }
        #expect(next(slow).nextAt == after(3_600_005))
    }

    @Test func `mail goes first, for ten minutes`() {
        var schedule = PruneSchedule()
        expect(false, &schedule, 0, besidesWork: true)
        #expect(schedule.nextAt == after(100))
        expect(false, &schedule, 599_999, besidesWork: true)
        expect(true, &schedule, 600_000, besidesWork: true)
        expect(true, &schedule, 600_100)
        expect(false, &schedule, 600_200, besidesWork: true)
    }

    @Test func `rows that are kept are tried again after a day`() {
        var place = PrunePlace()
        place[.sent] = .init(finishedAt: 7, id: 7)
        var kept = step {
            $0.kept = [.init(id: 7, text: "FOREIGN KEY", isSlow: false)]
            $0.isThrough = true
        }
        kept.place = place
        var schedule = next(kept)
        #expect(schedule.kept == 1 && schedule.isKeptKnown && schedule.keptText == "FOREIGN KEY")
        expect(true, &schedule, 86_399_999)
        #expect(schedule.place == place && schedule.kept == 1)
        expect(true, &schedule, 86_400_000)
        #expect(schedule.place == PrunePlace() && schedule.kept == 0 && !schedule.isKeptKnown)
    }

    @Test func `nothing is pruned for an hour after the clock was set`() {
        var schedule = next(step { $0.rows = 1 })
        schedule.clockWasSet(at: after(20))
        #expect(schedule.nextAt == after(3_600_020))
        schedule.hasten()
        #expect(schedule.isDue(at: after(20)))
    }

    @Test func `rows are told once an hour, and a text once`() {
        var news = PruneNews()
        news.pruned(5)
        let early = news.take(isThrough: false, at: after(0))
        #expect(early == nil)
        news.pruned(2)
        let first = news.take(isThrough: true, at: after(10))
        let nothing = news.take(isThrough: true, at: after(3_600_010))
        news.pruned(1)
        let soon = news.take(isThrough: true, at: after(3_600_009))
        let later = news.take(isThrough: true, at: after(3_600_010))
        #expect([first, nothing, soon, later] == [7, nil, nil, 1])
        let told = ["a", "a", "b"].map { news.tells($0) }
        #expect(told == [true, false, true])
        for number in 0..<100 { _ = news.tells("\(number)") }
        let many = news.tells("z")
        #expect(!many)
    }
}
