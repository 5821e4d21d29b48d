internal import Delivery
internal import SQLite

/// How many mails stand in line, and how many of them are due: hardly any of them is looked at.
extension SQLiteReader {
    /// The mails of one class in one line; there is at least one.
    struct Queue {
        var place: Line.Place
        var helpdeskID: String
        var park: Line.Park
        /// As the line has counted them.
        var mails: Int
        /// When the first falls due, and the last.
        var oldest: WallTime
        var latest: WallTime
    }

    func queues(_ turn: TurnClass) throws -> [Queue] {
        let mails = """
            FROM outboxd_mails m INDEXED BY outboxd_mails_due WHERE m.phase = \(phase: .waiting)
                AND m.wait = \(wait: .inLine) AND m.line = l.id AND m.class = \(turn.rawValue)
            """
        return try connection.statement(
            """
            SELECT l.id, l.helpdesk_id, l.parked, l.\(Line.mails(turn)), (SELECT min(m.due_at) \(mails)),
                (SELECT max(m.due_at) \(mails))
            FROM outboxd_lines l WHERE l.\(Line.column(turn)) IS NOT NULL
            """
        ).all { row in
            guard let oldest = row.optionalTime(4), let latest = row.optionalTime(5) else {
                return nil
            }
            return Queue(
                place: Line.Place(line: row.int(0), turn: turn), helpdeskID: row.text(1),
                park: Line.Park(rawValue: row.int(2)) ?? .none, mails: Int(row.int(3)),
                oldest: oldest, latest: latest)
        }.compactMap(\.self)
    }

    /// Where some mails are due and others are not, SQLite counts the smaller part.
    ///
    /// Probes of 100, 400, 1,600 … mails find out which part is smaller. If both parts hold a quarter of the mails, the due ones are
    /// counted.
    func mailsDue(in queue: Queue, by time: WallTime) throws -> Int {
        if queue.latest <= time { return queue.mails }
        if queue.oldest > time { return 0 }
        var size = 100
        while size < queue.mails / 4 {
            if try !isMore(than: size, Self.later, queue, time) {
                return max(0, queue.mails - (try count(Self.later, queue, time)))
            }
            if try !isMore(than: size, Self.due, queue, time) { break }
            size *= 4
        }
        return try count(Self.due, queue, time)
    }

    private static func part(_ condition: String) -> String {
        """
        FROM outboxd_mails INDEXED BY outboxd_mails_due
        WHERE phase = \(phase: .waiting) AND wait = \(wait: .inLine) AND line = ? AND class = ?
            AND \(condition)
        """
    }
    private static let due = part("due_at <= ?")
    private static let later = part("due_at > ?")

    private func count(_ part: String, _ queue: Queue, _ time: WallTime) throws -> Int {
        try bound("SELECT count(*) \(part)", queue, time).first { Int($0.int(0)) } ?? 0
    }

    private func isMore(
        than size: Int, _ part: String, _ queue: Queue, _ time: WallTime
    ) throws -> Bool {
        try bound("SELECT 1 \(part) LIMIT 1 OFFSET ?", queue, time).bind(size).first { _ in true }
            ?? false
    }

    private func bound(_ sql: String, _ queue: Queue, _ time: WallTime) throws -> Statement {
        try connection.statement(sql).bind(queue.place.line).bind(queue.place.turn.rawValue)
            .bind(time.milliseconds)
    }
}
