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
}
