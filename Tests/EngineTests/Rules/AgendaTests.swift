import Delivery
@testable import Engine
import Testing

/// What the two threads sleep for: every line of the tables, and that no time that has passed makes a
/// thread spin.
struct AgendaTests {
    private static let now = SteadyTime(nanoseconds: 1_000_000_000_000)
    private static func at(_ milliseconds: Int64) -> SteadyTime {
        now + .milliseconds(milliseconds)
    }

    private func wake(_ change: (inout SendingAgenda) -> Void) -> Duration {
        var agenda = SendingAgenda()
        change(&agenda)
        return agenda.wakeAt(Self.now) - Self.now
    }

    @Test func `the sending thread wakes for what it can do, line by line`() {
        #expect(wake { $0.connections = Self.at(30) } == .milliseconds(30))
        #expect(wake { $0.connections = Self.at(-30) } == .zero)
        #expect(wake { $0.results = Self.at(5) } == .milliseconds(5))
        #expect(wake { $0.results = Self.at(-5) } == .zero)
        #expect(wake { $0.isUrgent = true } == .zero)
        #expect(wake { $0.probeAt = Self.at(400) } == .milliseconds(400))
        #expect(wake { $0.probeAt = Self.at(-400) } == SendingAgenda.longest)
        #expect(wake { $0.probeAt = Self.now } == SendingAgenda.longest)
        #expect(wake { $0.blindUntil = Self.at(500) } == .milliseconds(500))
        #expect(wake { $0.blindUntil = Self.at(-1) } == SendingAgenda.longest)
        #expect(wake { ($0.placeAt, $0.hasWaiting) = (Self.at(20), true) } == .milliseconds(20))
        #expect(
            wake { ($0.placeAt, $0.hasWaiting) = (Self.at(20), false) } == SendingAgenda.longest)
        #expect(
            wake { ($0.placeAt, $0.hasWaiting) = (Self.at(-20), true) } == SendingAgenda.longest)
        #expect(wake { ($0.connectAt, $0.hasWaiting) = (Self.at(9), true) } == .milliseconds(9))
        #expect(
            wake { ($0.connectAt, $0.hasWaiting) = (Self.at(9), false) } == SendingAgenda.longest)
        #expect(wake { $0.stragglerAt = Self.at(300) } == .milliseconds(300))
        #expect(wake { $0.stragglerAt = Self.at(-7) } == SendingAgenda.longest)
        #expect(wake { $0.stopBy = Self.at(7) } == .milliseconds(7))
        #expect(wake { $0.stopBy = Self.at(-7) } == SendingAgenda.longest)
        #expect(wake { $0.threadsUntil = Self.at(7) } == .milliseconds(7))
        #expect(wake { _ in } == SendingAgenda.longest)
        #expect(wake { $0.lifeSign = .milliseconds(250) } == .milliseconds(250))
        // A place in the rate that lies far ahead is looked for each second.
        #expect(wake { $0.hasFarPlace = true } == .seconds(1))
        #expect(wake { $0.lifeSign = .seconds(30) } == SendingAgenda.longest)
    }

    /// A place in the rate that came right behind the look for it made mails wait for ten seconds.
    @Test func `what came due while the round went on is looked at at once, and once`() {
        let times: [WritableKeyPath<SendingAgenda, SteadyTime?>] = [
            \.placeAt, \.connectAt, \.probeAt, \.blindUntil, \.stragglerAt, \.stopBy,
            \.threadsUntil,
        ]
        for time in times {
            for (began, due) in [(-5, Duration.zero), (-3, SendingAgenda.longest)] {
                let wakes = wake {
                    $0.hasWaiting = true
                    $0.roundBegan = Self.at(Int64(began))
                    $0[keyPath: time] = Self.at(-3)
                }
                #expect(wakes == due)
            }
        }
    }

    /// Relay (up, down before and after its probe's time) × database (read, not read before and after
    /// the next try) × rate × waiting × stop: what nobody can do anything about now wakes nobody now.
    @Test func `in no combination does the sending thread spin`() {
        let times: [SteadyTime?] = [nil, Self.at(-1), Self.now, Self.at(1)]
        for probe in times {
            for blind in times {
                for place in times {
                    for stop in times {
                        for hasWaiting in [false, true] {
                            let agenda = SendingAgenda(
                                hasWaiting: hasWaiting, probeAt: probe, blindUntil: blind,
                                placeAt: place, connectAt: place, stragglerAt: place,
                                stopBy: stop)
                            #expect(agenda.wakeAt(Self.now) > Self.now)
                        }
                    }
                }
            }
        }
    }

    private func sleep(_ change: (inout StoringAgenda) -> Void) -> Duration {
        var agenda = StoringAgenda(pollInterval: .seconds(1))
        change(&agenda)
        return agenda.timeout
    }

    @Test func `the storing thread wakes for what it can do, line by line`() {
        let soon: Duration = .milliseconds(30)
        #expect(sleep { $0.hasMoreRows = true } == .zero)
        #expect(sleep { $0.ingest = soon } == soon)
        #expect(sleep { $0.hasMoreToRecover = true } == .zero)
        #expect(sleep { $0.due = soon } == soon)
        #expect(sleep { $0.due = .milliseconds(-30) } == .zero)
        #expect(sleep { ($0.due, $0.claimPause) = (.milliseconds(-30), soon) } == soon)
        #expect(sleep { ($0.due, $0.claimPause) = (.milliseconds(40), soon) } == .milliseconds(40))
        #expect(sleep { $0.claimPause = soon } == .seconds(1))
        #expect(sleep { $0.newcomers = soon } == soon)
        #expect(sleep { $0.noting = soon } == soon)
        #expect(sleep { $0.look = soon } == soon)
        #expect(sleep { $0.review = soon } == soon)
        #expect(sleep { $0.renewal = soon } == soon)
        #expect(sleep { $0.isHectic = true } == .milliseconds(10))
        #expect(sleep { _ in } == .seconds(1))
    }

    @Test func `claims that bring nothing come more and more rarely`() {
        var fruitless = FruitlessClaims()
        var rests: [Int64] = []
        for _ in 0..<7 {
            fruitless.broughtNothing(at: Self.now)
            rests.append(fruitless.pause(at: Self.now).inMilliseconds)
        }
        #expect(rests == [20, 40, 80, 160, 320, 320, 320])
        #expect(fruitless.pause(at: Self.at(320)) == .zero)
        fruitless.broughtSomething()
        #expect(fruitless.pause(at: Self.now) == .zero)
        fruitless.broughtNothing(at: Self.now)
        #expect(fruitless.pause(at: Self.now) == .milliseconds(20))
    }
}
