/// In which of the three queues a mail waits for its turn (Contract.md, "Turns").
///
/// The raw values are stored (`outboxd_mails.class`).
public enum TurnClass: Int64, Sendable, CaseIterable {
    /// A row in it is flagged "Send Instantly", and nothing has gone wrong with it yet.
    case instant = 0
    /// It waits for its hold.
    case first = 1
    /// It was tried, or a statement about it failed: it waits for the end of a pause.
    case retry = 2

    /// The class of a mail by its history.
    ///
    /// - Parameters:
    ///   - attempts: Attempts that counted.
    ///   - troubles: SQL statements about it that failed.
    public init(attempts: Int, troubles: Int, isInstant: Bool) {
        self = attempts > 0 || troubles > 0 ? .retry : (isInstant ? .instant : .first)
    }
}
