/// Mail that came after the last refusal, while the relay is taken for down because it refuses mail: it has
/// no part in that, whoever wrote it, and is tried at once (Contract.md,
/// "Whose fault is a refusal?").
///
/// Without them a crowd of refused mails would keep everybody else's until the next probe: the more senders
/// it is of, the more likely the relay seems to be the cause.
///
/// | newcomers refused in a row | the next is tried |
/// |---|---|
/// | 0 | at once |
/// | 1, 2, 3 … | 100 ms, 200 ms, 400 ms … after the last, up to 5 s |
///
/// What was under way already when the relay was taken for down is no newcomer, and makes none wait.
///
/// Of those that wait the newest is tried: the others were there when it was refused, and are more likely to
/// be of its kind. So a relay that refuses everybody is asked by one mail in 5 s beside its probes.
package struct Newcomers: Hashable, Sendable {
    /// The newest mail that was refused; those with a greater id came later.
    package private(set) var after: Int64
    private var refusedInARow = 0
    /// Before then none is tried.
    package private(set) var earliest = WallTime(milliseconds: 0)

    private static let pause = Doubling(from: .milliseconds(100), upTo: .seconds(5))

    /// - Parameter mail: The newest of those that met the trouble.
    package init(after mail: Int64) {
        after = mail
    }

    /// A mail was refused alike.
    package mutating func refused(_ mail: Int64, wasUnderWay: Bool, at now: WallTime) {
        guard mail > after else { return }
        after = mail
        if wasUnderWay { return }
        refusedInARow += 1
        earliest = now + Self.pause.wait(step: refusedInARow)
    }

    package func allows(_ mail: Int64, at now: WallTime) -> Bool {
        mail > after && pauseEnds(after: now) == nil
    }

    /// nil if the next one is tried at once.
    package func pauseEnds(after now: WallTime) -> WallTime? {
        // A time that is too far off is one of before the clock was set.
        earliest > now && earliest - now <= Self.pause.cap ? earliest : nil
    }
}
