package import Delivery
package import SQLite

/// Lines of helpdesks of which a mail took much of the store's time: they wait, and others go on.
///
/// A claim holds the write lock while it reads what the API server's views say of a mail. Where that takes
/// 100 ms for each of forty mails the lock would be held for four seconds, now and at each retry. So the line
/// rests, for longer the longer the mail took, and of all lines that rest one is looked at at a time. A mail
/// that a statement has failed for before does not make its line rest: there is another rest for such mails.
///
/// | the mail took | the rest | rest to work |
/// |---|---|---|
/// | less than two million instructions, some 10 to 20 ms | none | |
/// | 20 ms | 20 ms | 1 |
/// | 50 ms | 125 ms | 2.5 |
/// | 100 ms | 500 ms | 5 |
/// | 200 ms | 2 s | 10 |
/// | 283 ms and more | 4 s | |
///
/// A view that takes 20 ms for every mail halves what could go out; one that takes 400 ms keeps the others
/// waiting for a tenth of the time.
package struct LineRest {
    /// Thousands of SQLite's instructions: a common mail takes a tenth of one.
    ///
    /// A machine that stood still is not the mail's fault.
    private static let many = 2_000
    private static let longest: Duration = .seconds(4)
    /// Before then none is looked at.
    private var until = WallTime(milliseconds: 0)

    package init() {}

    /// - Parameter steps: ``Connection/steps`` that a mail or a claim took.
    package static func isLong(_ steps: Int) -> Bool { steps >= many }

    /// How long a mail took; nil if that was not long.
    package static func long(
        from start: Connection.Progress, to end: Connection.Progress
    ) -> Duration? {
        guard isLong(end.steps - start.steps) else { return nil }
        return .nanoseconds(end.nanoseconds - start.nanoseconds)
    }

    package static func duration(after took: Duration) -> Duration {
        let milliseconds = Int(min(took, longest) / .milliseconds(1))
        return min(.milliseconds(milliseconds * milliseconds / 20), longest)
    }

    /// A mail took so long.
    package mutating func begin(after took: Duration, at now: WallTime) {
        until = now + Self.duration(after: took)
    }

    /// When the first of those that rest may be looked at.
    ///
    /// A time that is too far off is one of before the clock was set.
    package func end(at now: WallTime) -> WallTime {
        until > now + Self.longest ? now : until
    }
}
