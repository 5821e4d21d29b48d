/// Both clocks, read together.
package struct ClockReading: Hashable, Sendable {
    package var wall: WallTime
    package var steady: SteadyTime

    package init(wall: WallTime, steady: SteadyTime) {
        self.wall = wall
        self.steady = steady
    }
}
