internal import Delivery
internal import Store

/// Every time in the tables is the wall clock's: where somebody sets the clock, they follow, in slices.
///
/// | the clocks | the times | what is claimed and ingested |
/// |---|---|---|
/// | as at the last look | nothing is left to move | as ever |
/// | as at the last look | some wait for a hold that is another one now | as ever |
/// | as at the last look | some are the old clock's | nothing: what seems due may not be |
/// | differ from the last look by half a second or more | are moved from now on | nothing |
/// | not looked at yet | a process may have died while it moved them | nothing |
struct ClockFollower {
    private let bootID: String
    /// By how much the wall clock was ahead of the steady one at the last look.
    private var offset: Duration?
    private var timesToMove = TimesToMove.clock
    /// Rows that are not ingested yet follow these.
    private(set) var steps: [ClockStep] = []

    private static let least: Duration = .milliseconds(500)

    init(bootID: String) {
        self.bootID = bootID
    }

    /// What seems due is due.
    var isDone: Bool { timesToMove != .clock }
    /// Another slice is to be moved.
    var hasMore: Bool { timesToMove != .none }

    /// Whether the clock is as it was at the last look.
    func isFollowed(at now: ClockReading) -> Bool {
        offset.map { abs((Self.offset(now) - $0).inMilliseconds) < Self.least.inMilliseconds }
            ?? false
    }

    /// Moves a slice, if there is one to be moved.
    ///
    /// - Returns: by how much somebody has set the clock since the last look, of this process or another's.
    mutating func follow(_ store: any OutboxStore, at now: ClockReading) throws -> Duration? {
        guard !isFollowed(at: now) else {
            if hasMore { timesToMove = try store.moveTimes() }
            return nil
        }
        let offset = Self.offset(now)
        let jumped = try store.followClock(bootID: bootID, offset: offset, at: now.wall) {
            before, after in
            Self.jump(from: before, to: after, at: now.wall)?.by
        }
        self.offset = offset
        timesToMove = .clock
        timesToMove = try store.moveTimes()
        // Also those that another process noticed.
        steps = try store.clockSteps()
        return jumped
    }

    private static func offset(_ now: ClockReading) -> Duration {
        .milliseconds(now.wall.milliseconds - now.steady.milliseconds)
    }

    private static func jump(
        from before: Duration, to offset: Duration, at now: WallTime
    ) -> ClockJump? {
        let steady = SteadyTime(nanoseconds: 0)
        return ClockJump(
            from: ClockReading(wall: now - (offset - before), steady: steady),
            to: ClockReading(wall: now, steady: steady))
    }
}
