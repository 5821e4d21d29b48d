internal import Delivery
internal import SQLite

extension SQLiteStore {
    /// The skips with what the log tells of them.
    func placed(_ skips: [Skip], of candidate: Candidate) throws -> [Skip] {
        try skips.map { skip in
            let known = candidate.rows.first { $0.id == skip.row && $0.hasTexts }
            let text = try known.map(\.traceparent) ?? traceparent(of: skip.row)
            return Self.placed(skip, in: candidate.mailID, candidate.key, traceparent: text)
        }
    }

    static func placed(
        _ skip: Skip, in mailID: Int64, _ key: MailKey, traceparent: String?
    ) -> Skip {
        var skip = skip
        skip.place = Skip.Place(
            mailID: mailID, helpdeskID: key.helpdeskID,
            trace: traceparent.flatMap(TraceParent.init))
        return skip
    }

    /// One that is too long to be read is none.
    func traceparent(of id: Int64) throws -> String? {
        guard columns.has("traceparent", of: Schema.outbox) else { return nil }
        do {
            return try connection.statement("SELECT traceparent FROM outbox WHERE id = ?").bind(id)
                .first { $0.optionalText(0, limit: 64) } ?? nil
        } catch let error as SQLiteError where error.isTooBig {
            return nil
        }
    }
}
