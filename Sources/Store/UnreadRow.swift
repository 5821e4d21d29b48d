/// SQL about a row of `outbox o` that is not ingested: it is new, could not be read, or is put off until its
/// `not_before`.
enum UnreadRow {
    /// A statement has failed for it.
    static let isFaulty =
        "EXISTS (SELECT 1 FROM outboxd_unread u WHERE u.id = o.id AND u.troubles > 0)"

    /// The end of its hold, or its `not_before` if that is later.
    ///
    /// - Parameter hold: SQL for `OUTBOXD_HOLD`, in milliseconds.
    static func dueAt(hold: String) -> String {
        "max(o.created_at + iif(o.instant <> 0, 0, \(hold)), coalesce(\(notBefore), 0))"
    }

    /// NULL if the table lacks the column: the name means the inner table's column if there is one, else
    /// the outer one's.
    ///
    /// A view with it is valid before and after the API server adds the column.
    private static let notBefore = """
        (SELECT (SELECT not_before FROM outbox x WHERE x.id = o.id) FROM (SELECT NULL AS not_before))
        """
}
