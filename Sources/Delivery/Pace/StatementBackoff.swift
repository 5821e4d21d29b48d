/// How long a mail, a helpdesk's line or a suppression waits after an SQL statement about it failed.
///
/// The statement fails for a reason in somebody's table, which somebody has to mend; until then it is
/// tried again more and more rarely.
///
/// | failures | wait |
/// |---|---|
/// | 1 | 1 s |
/// | 2, 3, 4 … 9 | 2 s, 4 s, 8 s … 256 s |
/// | 10 and more | 5 min |
package enum StatementBackoff {
    package static let longest: Duration = .seconds(300)
    private static let schedule = Doubling(from: .seconds(1), upTo: longest)

    /// - Parameter failures: How often it has failed in a row, this time included.
    package static func delay(failures: Int) -> Duration { schedule.wait(step: failures) }
}
