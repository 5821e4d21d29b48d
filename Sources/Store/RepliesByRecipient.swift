internal import SQLite

/// The rows of one reply by their recipients, read once for each reply within a transaction: a reply to
/// thousands of recipients is thousands of rows, each of which asks for its like.
struct RepliesByRecipient {
    private struct Reply: Hashable {
        var helpdeskID: String
        var messageID: String
    }
    private let connection: Connection
    private let normalize: (String) -> String
    private var known: [Reply: [String: [Int64]]] = [:]

    init(connection: Connection, normalize: @escaping (String) -> String) {
        self.connection = connection
        self.normalize = normalize
    }

    /// The other rows of `outbox` with the same reply to the same address, in whatever spelling.
    mutating func rows(of row: OutboxRow, to recipient: String) throws -> [Int64] {
        let reply = Reply(helpdeskID: row.helpdeskID, messageID: row.messageID)
        let byRecipient: [String: [Int64]]
        if let found = known[reply] {
            byRecipient = found
        } else {
            byRecipient = try read(reply)
            known[reply] = byRecipient
        }
        return (byRecipient[recipient] ?? []).filter { $0 != row.id }
    }

    private func read(_ reply: Reply) throws -> [String: [Int64]] {
        let rows = try addresses(reply)
        return Dictionary(grouping: rows) { normalize($0.address) }.mapValues { $0.map(\.id) }
    }

    private func addresses(_ reply: Reply) throws -> [(id: Int64, address: String)] {
        let condition = "FROM outbox WHERE helpdesk_id = ? AND message_id = ? ORDER BY id"
        do {
            return try connection.statement("SELECT id, recipient_email \(condition)")
                .bind(reply.helpdeskID).bind(reply.messageID).all {
                    ($0.int(0), $0.text(1, limit: OutboxLimits.identity))
                }
        } catch let error as SQLiteError where error.isTooBig {
            let ids = try connection.statement("SELECT id \(condition)").bind(reply.helpdeskID)
                .bind(reply.messageID).all { $0.int(0) }
            return try ids.map {
                let columns = OutboxColumns(connection: connection, id: $0)
                return ($0, try columns.identity("recipient_email"))
            }
        }
    }
}
