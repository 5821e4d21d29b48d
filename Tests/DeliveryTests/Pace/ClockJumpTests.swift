import Delivery
import TestSupport
import Testing

@Suite struct ClockJumpTests {
    /// A jump by `seconds`, noticed a second after the last look, when the old clock would have said
    /// `wall(1)`.
    func jump(by seconds: Double, after: Double = 1) -> ClockJump? {
        ClockJump(
            from: ClockReading(wall: wall(0), steady: steady(100)),
            to: ClockReading(wall: wall(after + seconds), steady: steady(100 + after)))
    }

    @Test(
        arguments: [
            (0.0, nil), (0.999, nil), (-0.999, nil), (1.0, 1.0), (-1.0, -1.0), (3_600, 3_600),
            (-86_400, -86_400),
        ] as [(Double, Double?)])
    func `a step of a second or more is a jump`(seconds: Double, expected: Double?) {
        #expect(jump(by: seconds)?.by == expected.map { .seconds($0) })
    }

    @Test func `sleep of the machine is no jump: both clocks go on`() {
        #expect(jump(by: 0, after: 28_800) == nil)
        #expect(jump(by: 5, after: 28_800)?.by == .seconds(5))
    }

    // Issue: "The wall clock may jump (NTP, suspend): nothing is sent early or lost."
    @Test(arguments: [3_600.0, -3_600, 1, -1])
    func `a row ingested before waits as long as it would have`(seconds: Double) throws {
        let jump = try #require(self.jump(by: seconds))
        // Ingested at 0, due at 60: 59 seconds are left when the jump is noticed.
        #expect(jump.shifted(wall(60)) - jump.now == .seconds(59))
    }

    @Test(arguments: [
        // Forward by an hour: the old clock would say 1, the new one says 3601.
        (3_600.0, 0.5, true), (3_600, 1, true), (3_600, 1.001, false), (3_600, 3_600.5, false),
        // Back by an hour: the new clock says -3599.
        (-3_600, 0.5, true), (-3_600, -3_598.999, true), (-3_600, -3_599, false),
        (-3_600, -3_600, false),
    ])
    func `a row first seen with the jump is told by its creation`(
        seconds: Double, createdAt: Double, expected: Bool
    ) throws {
        let jump = try #require(self.jump(by: seconds))
        #expect(jump.belongsBefore(createdAt: wall(createdAt)) == expected)
    }

    @Test func `no row goes out early, whichever clock wrote it`() throws {
        var generator = SplitMix64(seed: 3)
        for _ in 0..<5_000 {
            let shift = Double.random(in: 1...7_200, using: &generator)
            let jump = try #require(self.jump(by: generator.chance(50) ? shift : -shift))
            // Real time: the last look at 0, the jump at `set`, the present look at 1.
            let set = Double.random(in: 0...1, using: &generator)
            let written = Double.random(in: 0...1, using: &generator)
            let byOldClock = written <= set
            let createdAt = byOldClock ? wall(written) : wall(written) + jump.by
            var dueAt = createdAt + .seconds(60)
            if jump.belongsBefore(createdAt: createdAt) { dueAt = jump.shifted(dueAt) }
            let realAge = .seconds(1 - written) + (dueAt - jump.now)
            #expect(realAge >= .milliseconds(59_998), "early by \(Duration.seconds(60) - realAge)")
            #expect(realAge <= .milliseconds(61_002), "late by \(realAge - .seconds(60))")
        }
    }
}
