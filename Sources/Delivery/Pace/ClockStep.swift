/// A step of the wall clock within one boot of the machine, and which of the times that are kept it moves.
///
/// Every time in the tables is the wall clock's. Between two readings within a boot the steady clock tells
/// by how much the wall clock was set; between two boots nothing does. So a step moves what was noted in
/// this boot before it, and nothing else:
///
/// | noted | by | moved |
/// |---|---|---|
/// | the due time of a mail or row first seen in this boot, before the step | the old clock | yes |
/// | the due time of a mail first seen in an earlier boot, attempted in this one before the step | the old clock (a retry) | yes |
/// | the due time of a mail first seen in an earlier boot, not attempted since | another boot's clock | no |
/// | a first attempt in this boot before the step | the old clock | yes |
/// | a first attempt in an earlier boot | another boot's clock | no |
/// | anything after the step | the new clock | no |
/// | a row that was not ingested when the step was noticed, created before it | the old clock | its due time, when it is ingested |
/// | such a row, created after it | the new clock | no |
///
/// Example: a machine without a battery boots in 1970. Mail of 2026 waits; replies are written and due in 1970.
/// Then the clock is set 56 years on: the replies of this boot follow, the mail of the one before does not.
package struct ClockStep: Hashable, Sendable {
    package var jump: ClockJump
    /// When the machine booted, by the old clock.
    package var bootedAt: WallTime
    /// The newest mail and row of earlier boots; 0: there are none.
    package var newestMailBefore: Int64
    package var newestRowBefore: Int64
    /// The newest row of `outbox` when the step was noticed.
    package var newestInOutbox: Int64

    package init(
        jump: ClockJump, bootedAt: WallTime, newestMailBefore: Int64 = 0,
        newestRowBefore: Int64 = 0, newestInOutbox: Int64
    ) {
        self.jump = jump
        self.bootedAt = bootedAt
        self.newestMailBefore = newestMailBefore
        self.newestRowBefore = newestRowBefore
        self.newestInOutbox = newestInOutbox
    }

    /// A moment that has been, noted in this boot by the old clock.
    package func isOfOldClock(_ moment: WallTime) -> Bool {
        bootedAt <= moment && moment <= jump.now - jump.by
    }

    /// - Parameter attemptedAt: When the mail was last claimed; nil: never.
    package func movesDueTime(ofMail id: Int64, attemptedAt: WallTime?) -> Bool {
        id > newestMailBefore || attemptedAt.map(isOfOldClock) ?? false
    }

    package func movesDueTime(ofRow id: Int64) -> Bool { id > newestRowBefore }

    /// Of a row that is ingested only now.
    package func movesDueTime(ofNewRow id: Int64, createdAt: WallTime) -> Bool {
        id <= newestInOutbox && jump.belongsBefore(createdAt: createdAt)
    }
}

extension [ClockStep] {
    /// The due time of a row that is ingested only now, after these steps, the oldest first.
    package func dueAt(_ dueAt: WallTime, ofNewRow id: Int64, createdAt: WallTime) -> WallTime {
        var (dueAt, createdAt) = (dueAt, createdAt)
        for step in self where step.movesDueTime(ofNewRow: id, createdAt: createdAt) {
            dueAt = step.jump.shifted(dueAt)
            createdAt = step.jump.shifted(createdAt)
        }
        return dueAt
    }
}
