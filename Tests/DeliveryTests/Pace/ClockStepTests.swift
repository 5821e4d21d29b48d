import Delivery
import Testing

/// The table of ``ClockStep``: the machine booted at 0, and after an hour its clock is set.
struct ClockStepTests {
    private static let hour: Double = 3_600

    private func step(by seconds: Double) -> ClockStep {
        ClockStep(
            jump: ClockJump(by: .seconds(seconds), now: wall(Self.hour + seconds)),
            bootedAt: wall(0), newestMailBefore: 10, newestRowBefore: 20, newestInOutbox: 30)
    }

    @Test(
        arguments: [
            // First seen in this boot.
            (11, nil, true), (11, 100, true), (11, 90_000, true),
            // In an earlier one, and never attempted, or before this boot.
            (10, nil, false), (1, nil, false), (10, -1, false),
            // In an earlier one, attempted in this one before the step.
            (10, 0, true), (10, 3_600, true),
            // At a time that this boot's old clock has not reached: another clock's.
            (10, 3_601, false), (10, 1_800_000_000, false),
        ] as [(Int64, Double?, Bool)], [7_200.0, -1_800])
    func `a mail's due time follows where this boot's old clock gave it`(
        _ mail: (id: Int64, attemptedAt: Double?, moves: Bool), by seconds: Double
    ) {
        let step = step(by: seconds)
        #expect(
            step.movesDueTime(ofMail: mail.id, attemptedAt: mail.attemptedAt.map { wall($0) })
                == mail.moves)
    }

    @Test(arguments: [(20, false), (21, true)] as [(Int64, Bool)])
    func `a row's due time follows where it was first seen in this boot`(_ id: Int64, _ moves: Bool)
    {
        #expect(step(by: 60).movesDueTime(ofRow: id) == moves)
    }

    @Test(arguments: [(-0.001, false), (0, true), (3_600, true), (3_600.001, false)])
    func `a first attempt follows where it was in this boot, before the step`(
        _ at: Double, _ moves: Bool
    ) {
        #expect(step(by: 60).isOfOldClock(wall(at)) == moves)
    }

    @Test(
        arguments: [
            // Set on by an hour, noticed when the new clock says 7200.
            (3_600.0, 30, 3_600.0, true), (3_600, 30, 3_601, false), (3_600, 31, 3_600, false),
            // Set back by half an hour: the new clock says 1800.
            (-1_800, 30, 1_801, true), (-1_800, 30, 1_800, false), (-1_800, 31, 1_801, false),
        ] as [(Double, Int64, Double, Bool)])
    func `a row that is not ingested yet is told by its id and its creation`(
        _ by: Double, _ id: Int64, _ createdAt: Double, _ moves: Bool
    ) {
        #expect(step(by: by).movesDueTime(ofNewRow: id, createdAt: wall(createdAt)) == moves)
    }

    @Test func `a row that waited over two steps follows both`() {
        let first = step(by: 7_200)
        var second = first
        second.jump = ClockJump(by: .seconds(-60), now: wall(10_000))
        second.newestInOutbox = 40
        let steps = [first, second]
        func due(_ id: Int64, _ createdAt: Double) -> WallTime {
            steps.dueAt(wall(createdAt + 60), ofNewRow: id, createdAt: wall(createdAt))
        }
        #expect(due(30, 3_000) == wall(3_000 + 60 + 7_200 - 60))
        // By the clock between the steps.
        #expect(due(31, 10_050) == wall(10_050 + 60 - 60))
        #expect(due(41, 10_050) == wall(10_050 + 60))
    }
}
