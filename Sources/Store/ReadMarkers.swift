internal import Delivery
internal import SQLite

/// How far a recipient has read a conversation.
enum ReadMarkers {
    /// So many readers of one conversation are compared, whatever their spelling; where there are more, a
    /// look at them all would keep everybody else waiting.
    private static let most = 1_000
    /// Made once: it is asked for twice for every mail.
    private static let ofConversation = """
        SELECT reader_email, last_read_at FROM read_markers
        WHERE helpdesk_id = ? AND conversation_id = ? LIMIT \(most)
        """

    /// The API server may have stored any spelling of the address, so the few markers of the
    /// conversation are compared here, trimmed and lower-cased (Contract.md).
    ///
    /// Beyond ``most`` markers the address counts as it is usually stored, which the primary key finds.
    static func newest(_ connection: Connection, _ key: MailKey) throws -> WallTime? {
        let statement = try connection.statement(ofConversation)
        try statement.put(key.helpdeskID)
        try statement.put(key.conversationID)
        defer { statement.reset() }
        var newest: Int64?
        var count = 0
        while try statement.step() {
            count += 1
            // A longer one is no address.
            let reader = statement.text(0, limit: OutboxLimits.identity)
            guard AddressText.normalized(reader) == key.recipient else { continue }
            newest = max(newest ?? .min, statement.int(1))
        }
        if count == most, let usual = try marker(connection, key) {
            newest = max(newest ?? .min, usual)
        }
        return newest.map(WallTime.init(milliseconds:))
    }

    private static func marker(_ connection: Connection, _ key: MailKey) throws -> Int64? {
        try connection.statement(
            """
            SELECT max(last_read_at) FROM read_markers
            WHERE helpdesk_id = ? AND conversation_id = ? AND reader_email = ?
            """
        ).bind(key.helpdeskID).bind(key.conversationID).bind(key.recipient)
            .first { $0.optionalInt(0) } ?? nil
    }
}
