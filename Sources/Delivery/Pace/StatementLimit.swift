/// How long SQL statements about one mail or one suppression may take before they are ended.
///
/// A view of the API server's that takes seconds for one conversation would keep everybody else waiting.
/// Ending it is a failure like any other: it is told, and tried again after ``StatementBackoff``, with
/// more time: a view that takes 300 ms for every mail still lets them go. A suppression never gets more, since
/// it counts without being carried over.
///
/// | failures in a row | limit |
/// |---|---|
/// | 0, 1 | 100 ms, 200 ms |
/// | 2 and more | 400 ms: a claim holds the write lock meanwhile |
package enum StatementLimit {
    private static let schedule = Doubling(from: .milliseconds(100), upTo: .milliseconds(400))

    /// Before anything has failed.
    package static let first = limit(failures: 0)

    /// However often it has failed; also for what writes down a mail, or what came of it.
    package static let most = limit(failures: 2)

    /// For the statements of a transaction that are not about one mail: nothing that stands in the database keeps a
    /// process from its orders for longer.
    package static let transaction: Duration = .seconds(5)

    package static func limit(failures: Int) -> Duration { schedule.wait(step: failures + 1) }
}
