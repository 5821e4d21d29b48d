import Delivery
@testable import Engine
import Testing

struct CommitLooksTests {
    private static let now = SteadyTime(nanoseconds: 1_000_000_000_000)
    private static func at(_ milliseconds: Int64) -> SteadyTime {
        now + .milliseconds(milliseconds)
    }

    /// How long after ``now`` the looks come that are left then.
    private func rest(
        of looks: CommitLooks, after begin: SteadyTime = now
    ) -> [Duration] {
        var (looks, times, moment) = (looks, [Duration](), begin)
        while let next = looks.next(after: moment), times.count < 50 {
            times.append(next - Self.now)
            moment = next
        }
        return times
    }

    @Test func `somebody else's commit is looked for at growing distances`() {
        var looks = CommitLooks()
        #expect(rest(of: looks).isEmpty)
        looks.hinted(isOwn: false, at: Self.now)
        let distances: [Int64] = [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000]
        #expect(rest(of: looks) == distances.map { .microseconds($0) })
        #expect(rest(of: looks, after: Self.at(20)) == [.milliseconds(32), .milliseconds(64)])
    }

    @Test func `after our own commit one look is enough`() {
        var looks = CommitLooks()
        looks.hinted(isOwn: true, at: Self.now)
        #expect(rest(of: looks) == [.milliseconds(64)])
        // Another one: its own look.
        looks.hinted(isOwn: true, at: Self.at(5))
        #expect(rest(of: looks) == [.milliseconds(69)])
    }

    @Test func `our own commit takes no look from somebody else's`() {
        var looks = CommitLooks()
        looks.hinted(isOwn: false, at: Self.now)
        looks.hinted(isOwn: true, at: Self.at(20))
        #expect(rest(of: looks, after: Self.at(20)).map(\.inMilliseconds) == [32, 64, 84])
    }

    @Test func `once the version has moved the looks begin anew, as for somebody else's`() {
        for isOwn in [true, false] {
            var looks = CommitLooks()
            looks.settled(at: Self.now)
            #expect(rest(of: looks).isEmpty)
            looks.hinted(isOwn: isOwn, at: Self.now)
            looks.settled(at: Self.at(8))
            let times = rest(of: looks, after: Self.at(8))
            #expect(times.first == .microseconds(8_250) && times.count == 9)
        }
    }
}
