/// How long SQL statements about one mail or one suppression may take before they are ended.
///
/// A view of the API server's that takes seconds for one conversation would keep everybody else waiting.
/// Ending it is a failure like any other: it is told, and tried again after ``StatementBackoff``, with
/// more time. So a view that is slow for every mail still lets them go, and is heard of.
///
/// | failures in a row | limit |
/// |---|---|
/// | 0, 1, 2 … 4 | 100 ms, 200 ms, 400 ms … 1.6 s |
/// | 5 and more | 2 s |
package enum StatementLimit {
    private static let schedule = Doubling(from: .milliseconds(100), upTo: .seconds(2))

    package static func limit(failures: Int) -> Duration { schedule.wait(step: failures + 1) }
}
