/// Why a waiting mail is not in its helpdesk's line (`outboxd_mails.wait`).
///
/// What concerns a whole helpdesk (a pause, its sender) parks the ``Line`` instead. 1 and 2 stood for
/// those before step 2 of the tables.
package enum Wait: Int64, Sendable {
    /// It is in line, and waits for its time and its turn.
    case inLine = 0
    /// Held as uncertain until an operator says what became of it.
    case uncertain = 3
    /// Another mail of the same conversation and recipient must go first.
    case behind = 4
}
