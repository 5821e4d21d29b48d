internal import Delivery
internal import SQLite

/// Rows that somebody has chosen: they are found by their ids, and no line is read for them.
extension SQLiteStore {
    package func standings(of rows: [Int64]) throws -> [RowStanding] {
        guard !rows.isEmpty else { return [] }
        return try connection.statement(
            """
            SELECT j.value, o.id IS NULL, r.state, u.retry_at, m.id, m.phase, m.wait, m.class,
                m.due_at, m.helpdesk_id, l.parked, iif(l.parked = \(park: .fault), l.retry_at, NULL),
                iif(\(isMadeInstant), \(notBefore), NULL)
            FROM json_each(?) j
            LEFT JOIN outbox o ON o.id = j.value
            LEFT JOIN outboxd_rows r ON r.id = j.value
            LEFT JOIN outboxd_unread u ON u.id = j.value
            LEFT JOIN outboxd_mails m ON m.id = r.mail_id
            LEFT JOIN outboxd_lines l ON l.id = m.line
            """
        ).bind(Self.list(rows)).all(RowStanding.init)
    }

    /// The row `o` of `outbox` is to go at once, and nothing that happened to its mail `m` keeps it.
    ///
    /// The API server may have set `instant` while no daemon ran. The mail still stands in line for the end of its hold
    /// then, until the review comes to it (``ReviewPass``).
    private var isMadeInstant: String {
        """
        CAST(o.instant AS INTEGER) <> 0 AND o.cancelled_at IS NULL
            AND m.class < \(turn: .retry) AND m.rescues = 0 AND m.troubles = 0
        """
    }

    private var notBefore: String {
        "coalesce(\(columns.sql("not_before", of: Schema.outbox, "o")), 0)"
    }

    func isMadeInstant(_ row: Int64, at now: WallTime) throws -> Bool {
        try connection.statement(
            """
            SELECT \(isMadeInstant) AND \(notBefore) <= ? FROM outbox o
            JOIN outboxd_rows r ON r.id = o.id JOIN outboxd_mails m ON m.id = r.mail_id
            WHERE o.id = ?
            """
        ).bind(now.milliseconds).bind(row).first { $0.bool(0) } ?? false
    }

    /// The mail that holds the open row, if it waits in line; two look-ups.
    func mailInLine(ofRow id: Int64) throws -> WaitingMail? {
        try connection.statement(
            """
            SELECT \(WaitingMail.columns) FROM outboxd_mails
            WHERE id = (SELECT mail_id FROM outboxd_rows WHERE id = ? AND state = \(row: .pending))
                AND phase = \(phase: .waiting) AND wait = \(wait: .inLine)
            """
        ).bind(id).first(WaitingMail.init)
    }

    /// Whether the line waits for another look at its helpdesk's row, or only for a moment.
    func isResting(_ line: Int64) throws -> Bool {
        try connection.statement("SELECT parked = \(park: .fault) FROM outboxd_lines WHERE id = ?")
            .bind(line).first { $0.bool(0) } ?? false
    }
}

extension RowStanding {
    fileprivate init(_ row: Statement) {
        self.init(row: row.int(0), mailID: row.optionalInt(4), Self.place(row))
    }

    private static func place(_ row: Statement) -> Place {
        if row.bool(1) { return .through }
        guard let state = row.optionalInt(2) else {
            return row.optionalTime(3).map { .putOff(until: $0) } ?? .notIngested
        }
        switch RowState(rawValue: state) {
        case .failed: return .failed
        case .pending, nil: break
        case .sending, .sent, .skipped: return .through
        }
        switch (Phase(rawValue: row.int(5)), Wait(rawValue: row.int(6))) {
        case (.sending, _): return .sending
        case (.finished, _), (nil, _): return .through
        case (.waiting, .uncertain): return .uncertain
        case (.waiting, .behind): return .behind
        case (.waiting, .inLine), (.waiting, nil):
            let park = Line.Park(rawValue: row.int(10)) ?? .none
            return .inLine(
                InLine(
                    helpdeskID: row.text(9), turn: TurnClass(rawValue: row.int(7)) ?? .first,
                    dueAt: row.time(8), isParked: park != .none, restsUntil: row.optionalTime(11),
                    instantAt: row.optionalTime(12)))
        }
    }
}
