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
///
/// A step that can't be noted, since the database is in trouble, is remembered. Each is noted by itself: a reply that was
/// written between two of them follows the second alone.
struct ClockFollower {
    private let bootID: String
    /// By how much the wall clock was ahead of the steady one at the last look.
    private var offset: Duration?
    /// The clocks after each step that is not noted yet, the oldest first.
    private var unnoted: [ClockReading] = []
    /// What is set more often while nothing can be noted counts as one step.
    private static let mostUnnoted = 100
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
        Self.is(now, at: offset)
    }

    private static func `is`(_ now: ClockReading, at offset: Duration?) -> Bool {
        offset.map { abs((Self.offset(now) - $0).inMilliseconds) < least.inMilliseconds } ?? false
    }

    /// Somebody may have set the clock.
    mutating func look(at now: ClockReading) {
        guard !Self.is(now, at: unnoted.last.map(Self.offset) ?? offset) else { return }
        if unnoted.count == Self.mostUnnoted { unnoted.removeLast() }
        unnoted.append(now)
    }

    /// Moves a slice, if there is one to be moved.
    ///
    /// - Returns: by how much somebody has set the clock since the last look, of this process or another's.
    mutating func follow(_ store: any OutboxStore, at now: ClockReading) throws -> Duration? {
        look(at: now)
        guard !unnoted.isEmpty else {
            if hasMore { timesToMove = try store.moveTimes() }
            return nil
        }
        var jumped: Duration?
        while let reading = unnoted.first {
            if let by = try note(reading, store) { jumped = (jumped ?? .zero) + by }
            offset = Self.offset(reading)
            unnoted.removeFirst()
        }
        timesToMove = .clock
        timesToMove = try store.moveTimes()
        // Also those that another process noticed.
        steps = try store.clockSteps()
        return jumped
    }

    private func note(_ reading: ClockReading, _ store: any OutboxStore) throws -> Duration? {
        try store.followClock(bootID: bootID, offset: Self.offset(reading), at: reading.wall) {
            before, after in
            Self.jump(from: before, to: after, at: reading.wall)?.by
        }
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
