internal import Delivery
internal import SQLite

/// How far a recipient has read a conversation.
enum ReadMarkers {
    /// The API server may have stored any spelling of the address, so the few markers of the
    /// conversation are compared here, trimmed and lower-cased (contract, section 2).
    static func newest(_ connection: Connection, _ key: MailKey) throws -> WallTime? {
        let statement = try connection.statement(
            """
            SELECT reader_email, last_read_at FROM read_markers
            WHERE helpdesk_id = ? AND conversation_id = ?
            """
        ).bind(key.helpdeskID).bind(key.conversationID)
        defer { statement.reset() }
        var newest: Int64?
        while try statement.step() {
            let reader = statement.text(0)
            guard AddressText.normalized(reader) == key.recipient else { continue }
            newest = max(newest ?? .min, statement.int(1))
        }
        return newest.map(WallTime.init(milliseconds:))
    }
}
