internal import Delivery

/// The rest after a claim that brought nothing although something was due.
///
/// | event | the next claim comes |
/// |---|---|
/// | a claim brought something | at once |
/// | the first that brought nothing | after 20 ms |
/// | another | after twice the rest before, at most 320 ms |
///
/// What nobody can claim must not keep the store busy. Short, since a mail that can be claimed may
/// fall due meanwhile; new rows do not wait for it.
struct FruitlessClaims: Equatable {
    private static let shortest: Duration = .milliseconds(20)
    private var count = 0
    private var until = SteadyTime(nanoseconds: 0)

    mutating func broughtSomething() { self = FruitlessClaims() }

    mutating func broughtNothing(at now: SteadyTime) {
        until = now + Self.shortest * (1 << min(count, 4))
        count += 1
    }

    /// How long claims still rest.
    func pause(at now: SteadyTime) -> Duration { max(.zero, until - now) }
}
