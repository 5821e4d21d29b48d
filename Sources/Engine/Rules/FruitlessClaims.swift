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
    private static let schedule = Doubling(from: .milliseconds(20), upTo: .milliseconds(320))
    private var count = 0
    private var until = SteadyTime(nanoseconds: 0)

    mutating func broughtSomething() { self = FruitlessClaims() }

    mutating func broughtNothing(at now: SteadyTime) {
        count += 1
        until = now + Self.schedule.wait(step: count)
    }

    /// How long claims still rest.
    func pause(at now: SteadyTime) -> Duration { max(.zero, until - now) }
}
