internal import SQLite

/// Which rows of `outbox` are ingested now.
///
/// Those that another process has ingested, or tried to, are left out, but for ``failed(_:)``.
enum RowChoice {
    /// Those above the id.
    case after(Int64)
    /// Those from the first id to the last.
    case within(ClosedRange<Int64>)
    /// These, as far as they still stand in `outbox`.
    case these([Int64])
    /// The one that ingest has failed for before.
    case failed(Int64)

    /// On `o`, with parameters for ``bind(_:)``.
    var condition: String {
        switch self {
        case .after: Self.above
        case .within: Self.between
        case .these: Self.listed
        case .failed: "o.id = ?"
        }
    }

    func bind(_ statement: Statement) throws -> Statement {
        switch self {
        case .after(let id), .failed(let id): try statement.bind(id)
        case .within(let ids): try statement.bind(ids.lowerBound).bind(ids.upperBound)
        case .these(let ids):
            try statement.bind(SQLiteStore.list(ids))
        }
    }

    // Made once: they are asked for in each round.
    private static let above = "o.id > ? AND \(isNotIngested)"
    private static let between = "o.id BETWEEN ? AND ? AND \(isNotIngested)"
    private static let listed =
        "o.id IN (SELECT value FROM json_each(?)) AND \(isNotIngested)"

    static let isNotIngested = """
        NOT EXISTS (SELECT 1 FROM outboxd_rows r WHERE r.id = o.id)
            AND NOT EXISTS (SELECT 1 FROM outboxd_unread u WHERE u.id = o.id)
        """
}
