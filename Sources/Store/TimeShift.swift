internal import Delivery
internal import SQLite

/// A change of many due times at once that is under way: a row of `outboxd_shifts`.
///
/// One UPDATE over a million mails would keep everybody from writing for seconds. So the change is noted
/// first, and then made in slices, by whichever process comes along; what came after it was noted is
/// left alone.
struct TimeShift {
    enum Kind {
        case clock(ClockStep)
        /// `OUTBOXD_HOLD` was changed by so much.
        case hold(by: Duration)
    }

    /// Mails looked at in a slice, and mails changed in it.
    private static let range: Int64 = 10_000
    private static let most = 1_000

    var id: Int64
    var kind: Kind
    /// What is newer was dated after the change.
    var newestMail: Int64
    var newestRow: Int64
    /// Mails up to here are through.
    var position: Int64

    static let columns = """
        id, kind, moved_by, noticed_at, booted_at, mails_before, rows_before, newest_in_outbox,
        newest_mail, newest_row, position
        """

    init(_ row: Statement) {
        id = row.int(0)
        let by = Duration.milliseconds(row.int(2))
        kind =
            row.text(1) == "hold"
            ? .hold(by: by)
            : .clock(
                ClockStep(
                    jump: ClockJump(by: by, now: row.time(3)), bootedAt: row.time(4),
                    newestMailBefore: row.int(5), newestRowBefore: row.int(6),
                    newestInOutbox: row.int(7)))
        newestMail = row.int(8)
        newestRow = row.int(9)
        position = row.int(10)
    }

    var isOfClock: Bool { if case .clock = kind { true } else { false } }

    /// The next slice, within a transaction of the caller's.
    /// - Returns: false if this was the last.
    mutating func step(_ connection: Connection) throws -> Bool {
        let end = min(newestMail, position + Self.range)
        let mails = try connection.statement(
            """
            SELECT id, attempts, phase, composed_at FROM outboxd_mails
            WHERE id > ? AND id <= ? AND phase < \(phase: .finished) AND shifted < ? ORDER BY id LIMIT \(Self.most)
            """
        ).bind(position).bind(end).bind(id).all {
            (id: $0.int(0), attempts: $0.int(1), phase: $0.int(2), composedAt: $0.optionalTime(3))
        }
        for mail in mails {
            switch kind {
            case .clock(let step):
                try move(mail.id, composedAt: mail.composedAt, by: step, connection)
            case .hold(let by):
                guard mail.attempts == 0, mail.phase == Phase.waiting.rawValue else { continue }
                try move(mail.id, by: by, connection)
            }
        }
        position = mails.count < Self.most ? end : mails[mails.count - 1].id
        let isThrough = position >= newestMail
        try connection.statement("UPDATE outboxd_shifts SET position = ? WHERE id = ?")
            .bind(isThrough ? nil : position).bind(id).run()
        return !isThrough
    }

    // MARK: The clock

    private func move(
        _ mail: Int64, composedAt: WallTime?, by step: ClockStep, _ connection: Connection
    ) throws {
        let by = step.jump.by.inMilliseconds
        let oldNow = (step.jump.now - step.jump.by).milliseconds
        try RowTable(connection: connection, totals: Totals()).move(
            mailID: mail, by: by, newestBefore: step.newestRowBefore, newest: newestRow,
            attemptsFrom: step.bootedAt, attemptsTo: oldNow)
        let movesDue = step.movesDueTime(ofMail: mail, attemptedAt: composedAt)
        let movesComposed = composedAt.map(step.isOfOldClock) ?? false
        try MailTable(connection: connection, totals: Totals()).move(
            mail, shift: id, dueBy: movesDue ? by : 0, composedBy: movesComposed ? by : 0)
    }

    // MARK: The hold

    private func move(_ mail: Int64, by: Duration, _ connection: Connection) throws {
        try RowTable(connection: connection, totals: Totals()).moveHold(
            mailID: mail, by: by, newest: newestRow)
        try MailTable(connection: connection, totals: Totals()).followRows(mail, shift: id)
    }
}
