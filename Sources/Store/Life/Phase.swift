internal import Delivery

/// How far a mail has come (`outboxd_mails.phase`); ``MailTable`` says how it gets from one to the next.
enum Phase: Int64, Sendable {
    /// It is to be sent; ``Wait`` says what for.
    case waiting = 0
    /// A process has claimed it: `owner` says which, `token` under which fencing token.
    case sending = 1
    /// None of its rows is open any more.
    case finished = 2
}

/// The constants of the tables, for SQL: `phase = \(phase: .waiting)` becomes `phase = 0`.
///
/// They are written into the statements, and not bound, since only then a partial index serves
/// (https://sqlite.org/partialindex.html, section 3).
extension DefaultStringInterpolation {
    mutating func appendInterpolation(phase: Phase) { appendLiteral("\(phase.rawValue)") }
    mutating func appendInterpolation(wait: Wait) { appendLiteral("\(wait.rawValue)") }
    mutating func appendInterpolation(turn: TurnClass) { appendLiteral("\(turn.rawValue)") }
    mutating func appendInterpolation(park: Line.Park) { appendLiteral("\(park.rawValue)") }
    /// The state of a row; an open one is stored as `pending`, whether its mail waits or is being sent.
    mutating func appendInterpolation(row state: RowState) { appendLiteral("\(state.rawValue)") }
    /// The word of Operating.md, quoted for SQL.
    mutating func appendInterpolation(word state: RowState) { appendLiteral("'\(state.name)'") }
    mutating func appendInterpolation(word reason: WaitReason) {
        appendLiteral("'\(reason.rawValue)'")
    }
    mutating func appendInterpolation(word reason: SkipReason) {
        appendLiteral("'\(reason.rawValue)'")
    }
    mutating func appendInterpolation(relay state: RelayState) {
        appendLiteral("'\(state.rawValue)'")
    }
}
