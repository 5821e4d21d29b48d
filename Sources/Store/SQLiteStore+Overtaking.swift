internal import Delivery
internal import SQLite

/// Instant rows that came since a burst began, and what belongs before them: see ``Overtaking``.
extension SQLiteStore {
    /// Takes them into the queue before the rest of the burst is read.
    func letOvertake() throws {
        guard !ingestQueue.isComplete, let seen = ingestQueue.unseenFrom else { return }
        let rows = try connection.statement(
            """
            SELECT id, helpdesk_id, conversation_id, CAST(instant AS INTEGER) <> 0 FROM outbox
            WHERE id > ? ORDER BY id LIMIT ?
            """
        ).bind(seen).bind(lookAheadStep)
        defer { rows.reset() }
        do {
            while ingestQueue.unseenFrom != nil, try rows.step() {
                let id = rows.int(0)
                let helpdesk = rows.text(1, limit: OutboxLimits.identity)
                switch ingestQueue.overtaking.takes(helpdesk) {
                case true?:
                    ingestQueue.overtake(
                        id, helpdesk: helpdesk,
                        conversation: rows.text(2, limit: OutboxLimits.identity))
                case nil where rows.bool(3): try takeUnread(of: helpdesk, upTo: id)
                case nil, false?: break
                }
                ingestQueue.overtaking.saw(id)
            }
        } catch let error as SQLiteError where error.isAboutTheStatement {
            // The reading in the order of ids meets the same row, and says so.
            ingestQueue.overtaking.fail()
        }
    }

    /// Takes what was not read yet of the helpdesk, if that is little.
    private func takeUnread(of helpdesk: String, upTo newest: Int64) throws {
        guard let end = ingestQueue.end else { return }
        let hasFew = try connection.hasFewRows(ofHelpdesk: helpdesk, most: Overtaking.mostRows)
        let unread = try hasFew ? unread(of: helpdesk, in: end, newest) : nil
        ingestQueue.overtaking.decide(helpdesk, takes: unread != nil)
        for row in unread ?? [] {
            ingestQueue.overtake(row.id, helpdesk: helpdesk, conversation: row.conversation)
        }
    }

    /// - Returns: the rows in the order of their ids; nil if they are too many.
    private func unread(
        of helpdesk: String, in end: Int64, _ newest: Int64
    ) throws -> [(id: Int64, conversation: String)]? {
        // The ids stand in the index: only what is returned is looked up in the table.
        let rows = try connection.statement(
            """
            SELECT id, conversation_id FROM outbox
            WHERE helpdesk_id = ? AND +id > ? AND +id <= ? ORDER BY +id
            LIMIT \(Overtaking.mostUnread + 1)
            """
        ).bind(helpdesk).bind(end).bind(newest)
            .all { (id: $0.int(0), conversation: $0.text(1, limit: OutboxLimits.identity)) }
        return rows.count > Overtaking.mostUnread ? nil : rows
    }
}
