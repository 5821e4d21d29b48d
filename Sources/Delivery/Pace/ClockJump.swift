/// The wall clock was set while outboxd ran (NTP, an administrator).
///
/// A row ingested before waits for a moment of the old clock: left alone it would go out early after
/// a jump forward, and late after a jump back. Its due times move with the clock. Sleep of the machine
/// is no jump: ``SteadyTime`` goes on through it, as the wall clock does. Neither is slewing, or a
/// step below a second: no hold is kept more exactly than that when the clock is being corrected.
package struct ClockJump: Hashable, Sendable {
    /// By how much the clock was set; negative: back.
    package let by: Duration
    /// The wall clock when the jump was noticed, already set.
    package let now: WallTime

    package static let threshold: Duration = .seconds(1)

    /// One that was noticed before.
    package init(by: Duration, now: WallTime) {
        self.by = by
        self.now = now
    }

    /// nil if the clocks went on together between the two readings.
    package init?(from previous: ClockReading, to current: ClockReading) {
        let shift = (current.wall - previous.wall) - (current.steady - previous.steady)
        guard shift >= Self.threshold || shift <= .zero - Self.threshold else { return nil }
        by = shift
        now = current.wall
    }

    /// A moment that was noted by the old clock, on the new one.
    package func shifted(_ dueAt: WallTime) -> WallTime {
        dueAt + by
    }

    /// Whether a row that is seen for the first time now, when the jump is noticed too, was written
    /// by the old clock, so that its due time has to be ``shifted(_:)``.
    ///
    /// Such a row was written since the last look, before or after the jump; its `created_at` alone
    /// can tell. Without the jump it would be `now - by` by now, so the old clock wrote nothing later
    /// than that, and the new one nothing later than `now`.
    ///
    /// - Forward: a row up to `now - by` can be the old clock's, and is taken for it. Should it be the
    ///   new clock's, about an older reply, it goes out late by the jump.
    /// - Back: a row after `now` can only be the old clock's. One up to `now` could be either, and is
    ///   left alone: moving it would be to send it earlier.
    ///
    /// Where there is doubt, then, a row waits longer: nothing is sent early.
    package func belongsBefore(createdAt: WallTime) -> Bool {
        by > .zero ? createdAt <= now - by : createdAt > now
    }
}
