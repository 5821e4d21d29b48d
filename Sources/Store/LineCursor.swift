internal import Delivery
internal import SQLite

/// The mails of one class in one line, read in portions as a claim goes through them, the longest due
/// first.
///
/// It only moves forward: a mail that was looked at is not seen again in the same claim.
final class LineCursor {
    let line: Line
    let turn: TurnClass
    private let connection: Connection
    private let dueBy: WallTime
    private var portion: [WaitingMail] = []
    private var index = 0
    private var last: StandingMails.Place?
    private var isExhausted = false
    /// When it last had a turn in this claim, counted from 1; 0: not yet.
    var lastTurn = 0

    init(_ line: Line, _ turn: TurnClass, connection: Connection, dueBy: WallTime) {
        self.line = line
        self.turn = turn
        self.connection = connection
        self.dueBy = dueBy
    }

    /// - Parameter portionSize: How many to read at once if none is at hand.
    func next(portionSize: Int) throws -> WaitingMail? {
        defer { index += 1 }
        return try first(portionSize)
    }

    /// The same, and it stays the next.
    func first(_ portionSize: Int) throws -> WaitingMail? {
        if index >= portion.count {
            guard !isExhausted else { return nil }
            try read(portionSize)
        }
        return index < portion.count ? portion[index] : nil
    }

    /// The next few.
    func next(_ count: Int) throws -> [WaitingMail] {
        var mails: [WaitingMail] = []
        while mails.count < count, let mail = try next(portionSize: count) { mails.append(mail) }
        return mails
    }

    /// The few that fell due last, the latest first; ``next(portionSize:)`` may bring them too.
    func latest(_ count: Int) throws -> [WaitingMail] {
        try connection.statement(
            """
            SELECT \(WaitingMail.columns) FROM outboxd_mails INDEXED BY outboxd_mails_due
            WHERE phase = \(phase: .waiting) AND wait = \(wait: .inLine) AND line = ? AND class = ? AND due_at <= ?
            ORDER BY due_at DESC, id DESC LIMIT ?
            """
        ).bind(line.id).bind(turn.rawValue).bind(dueBy.milliseconds).bind(count)
            .all(WaitingMail.init)
    }

    /// Within the transaction that reads it nobody else opens one.
    private static let hasOthers = """
        EXISTS (SELECT 1 FROM outboxd_mails other
            WHERE other.recipient = outboxd_mails.recipient
                AND other.conversation_id = outboxd_mails.conversation_id
                AND other.helpdesk_id = outboxd_mails.helpdesk_id
                AND other.phase < \(phase: .finished) AND other.id <> outboxd_mails.id)
        """

    private static let standing = StandingMails(besides: ", \(hasOthers)") { row in
        WaitingMail(row, isAlone: !row.bool(WaitingMail.columnCount))
    }

    private func read(_ size: Int) throws {
        portion = try Self.standing.portion(
            connection, line: line.id, turn, behind: last, dueBy: dueBy.milliseconds, limit: size)
        index = 0
        isExhausted = portion.count < size
        if let mail = portion.last { last = (mail.dueAt.milliseconds, mail.id) }
    }
}
