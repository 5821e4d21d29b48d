import Delivery
import Store
import TestSupport
import Testing

@testable import Engine

/// Times in the tables follow the wall clock: the table of ``ClockFollower``, over a real database.
struct ClockFollowerTests {
    private let bed: EngineBed
    private let store: SQLiteStore

    init() throws {
        bed = try EngineBed()
        store = try SQLiteStore(connection: Database.open(path: bed.path))
    }

    /// - Parameter set: by how much somebody has set the clock by then.
    private static func at(_ seconds: Int64, set: Duration = .zero) -> ClockReading {
        ClockReading(
            wall: WallTime(milliseconds: 1_900_000_000_000 + seconds * 1_000) + set,
            steady: SteadyTime(nanoseconds: seconds * 1_000_000_000))
    }

    private func follow(_ follower: inout ClockFollower, at now: ClockReading) throws -> Duration? {
        try follower.follow(store, at: now)
    }

    private func settled() throws -> ClockFollower {
        var follower = ClockFollower(bootID: "b")
        #expect(try follow(&follower, at: Self.at(0)) == nil)
        return follower
    }

    @Test func `until the first look nothing is claimed`() throws {
        #expect(!ClockFollower(bootID: "b").isDone)
        #expect(try settled().isDone)
        #expect(try !settled().hasMore)
    }

    @Test(arguments: [(499, true), (500, false), (-499, true), (-500, false)])
    func `half a second is a step`(milliseconds: Int, isFollowed: Bool) throws {
        let now = Self.at(5, set: .milliseconds(milliseconds))
        #expect(try settled().isFollowed(at: now) == isFollowed)
    }

    @Test func `a step is told once, and remembered for rows that come later`() throws {
        var follower = try settled()
        let later = Self.at(60, set: .seconds(3_600))
        #expect(!follower.isFollowed(at: later))
        let jumped = try follow(&follower, at: later)
        #expect(jumped == .seconds(3_600))
        #expect(follower.isFollowed(at: later) && follower.steps.count == 1)
        #expect(try follow(&follower, at: later) == nil)
    }

    @Test func `what another process followed is not followed again`() throws {
        var (one, other) = (try settled(), try settled())
        let later = Self.at(60, set: .seconds(-90))
        #expect(try follow(&one, at: later) == .seconds(-90))
        #expect(try follow(&other, at: later) == nil)
        #expect(other.isFollowed(at: later) && other.steps.count == 1)
    }

    /// As one step both would be later than the row, which would seem to have waited for an hour.
    @Test func `each step that could not be noted is noted by itself`() throws {
        var follower = try settled()
        let hour = Duration.seconds(3_600)
        follower.look(at: Self.at(10, set: hour))
        let writtenAt = Self.at(20, set: hour).wall
        follower.look(at: Self.at(25, set: hour))
        follower.look(at: Self.at(30, set: hour + hour))
        let now = Self.at(40, set: hour + hour)
        #expect(try follow(&follower, at: now) == hour + hour)
        #expect(follower.steps.map(\.jump.by) == [hour, hour] && follower.isFollowed(at: now))
        let due = follower.steps.dueAt(writtenAt + .seconds(600), ofNewRow: 0, createdAt: writtenAt)
        #expect(due == writtenAt + .seconds(600) + hour)
        #expect(try follow(&follower, at: now) == nil)
    }

    @Test func `a clock that was set back meanwhile leaves two steps`() throws {
        var follower = try settled()
        follower.look(at: Self.at(10, set: .seconds(90)))
        #expect(try follow(&follower, at: Self.at(20)) == .zero)
        #expect(follower.steps.map(\.jump.by) == [.seconds(90), .seconds(-90)])
    }
}
