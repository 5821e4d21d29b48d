import Delivery

/// A moment of a test: so many seconds after an arbitrary day in 2026.
func wall(_ seconds: Double) -> WallTime {
    WallTime(milliseconds: 1_780_000_000_000 + Int64((seconds * 1_000).rounded()))
}

/// So many seconds after boot.
func steady(_ seconds: Double) -> SteadyTime {
    SteadyTime(nanoseconds: Int64((seconds * 1_000_000_000).rounded()))
}
