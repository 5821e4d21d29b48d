internal import Delivery
internal import SQLite

/// The mails that stand in one class of a line, longest due first, read in portions.
///
/// A portion begins behind a place, the pair of `due_at` and `id`. SQLite looks a pair up by its first part alone where
/// the second is the rowid, and would walk over all that fell due at the same moment: in each portion again, for rows
/// that were inserted together. So those of the same moment have a statement of their own.
struct StandingMails: Sendable {
    /// In which a mail stands behind another.
    typealias Place = (dueAt: Int64, id: Int64)

    private let sameMoment: String
    private let later: String
    private let read: @Sendable (Statement) -> WaitingMail

    /// - Parameter besides: What is selected behind ``WaitingMail/columns``, and goes to `read`.
    init(besides: String = "", read: @escaping @Sendable (Statement) -> WaitingMail) {
        sameMoment = Self.select(besides, "due_at = ? AND id > ? AND due_at <= ? ORDER BY id")
        later = Self.select(besides, "due_at > ? AND due_at <= ? ORDER BY due_at, id")
        self.read = read
    }

    /// The predicates are written out, not bound: only then does the partial index serve.
    private static func select(_ besides: String, _ range: String) -> String {
        """
        SELECT \(WaitingMail.columns)\(besides) FROM outboxd_mails INDEXED BY outboxd_mails_due
        WHERE phase = \(phase: .waiting) AND wait = \(wait: .inLine) AND line = ? AND class = ?
            AND \(range) LIMIT ?
        """
    }

    /// - Parameters:
    ///   - place: nil: the first ones.
    ///   - dueBy: Due then, or before.
    func portion(
        _ connection: Connection, line: Int64, _ turn: TurnClass, behind place: Place?,
        dueBy: Int64 = .max, limit: Int
    ) throws -> [WaitingMail] {
        var found: [WaitingMail] = []
        if let place {
            found = try connection.statement(sameMoment).bind(line).bind(turn.rawValue)
                .bind(place.dueAt).bind(place.id).bind(dueBy).bind(limit).all(read)
        }
        guard found.count < limit else { return found }
        return try found
            + connection.statement(later).bind(line).bind(turn.rawValue)
            .bind(place?.dueAt ?? .min).bind(dueBy).bind(limit - found.count).all(read)
    }
}
