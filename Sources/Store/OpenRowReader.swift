internal import Delivery
internal import SQLite

/// Reads the open rows of a mail, in bounded memory whatever they hold.
///
/// 1. Nearly always one statement reads all rows with their texts.
/// 2. Where the texts are more than one mail can show, or a value is longer than SQLite may read, the
///    rows come without texts (``OutboxRow/hasTexts``): which of them are mailed is decided first, and
///    then the texts of these alone are read, by ``withTexts(_:)``.
/// 3. A row that a statement can't read for a value's length is read column by column.
struct OpenRowReader {
    let connection: Connection
    let columns: APIColumns
    /// Texts are only read to compose a mail.
    let withText: Bool
    /// So many of a mail's rows are read.
    var most = Candidate.maxRows

    /// The open rows that still stand in `outbox`, the oldest ``most`` of them, oldest first.
    func rows(of mailID: Int64) throws -> OpenRows {
        guard var found = try fewRows(of: mailID) else {
            let oldest = try oldest(of: mailID)
            return OpenRows(
                rows: try oldest.compactMap { try row($0, withText: false) }, mayLackSome: true)
        }
        found.rows.sort { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
        return found
    }

    /// The rows with their texts, as much of them as one mail can show.
    func withTexts(_ rows: [OutboxRow]) throws -> [OutboxRow] {
        var bodies = OutboxLimits.mail
        var attachments = OutboxLimits.mail
        var texted: [OutboxRow] = []
        texted.reserveCapacity(rows.count)
        for known in rows {
            guard !known.hasTexts, let row = try self.row(known.id, withText: true) else {
                texted.append(known)
                continue
            }
            var texts = row.texts
            texts.cut(bodies: bodies, attachments: attachments)
            bodies -= texts.bodyText.utf8.count
            attachments -= texts.attachments?.utf8.count ?? 0
            texted.append(row.with(texts: texts))
        }
        return texted
    }

    // MARK: Together

    /// All rows of the mail; nil if they are many, or too long to be read like this.
    ///
    /// Without an order: SQLite would copy every text into its sorter.
    private func fewRows(of mailID: Int64) throws -> OpenRows? {
        do {
            return try shortRows(of: mailID)
        } catch let error as SQLiteError where error.isTooBig {
            return nil
        }
    }

    private func shortRows(of mailID: Int64) throws -> OpenRows? {
        let statement = try connection.statement(
            withText ? columns.openRows.fewWithText : columns.openRows.fewWithoutText
        ).bind(mailID)
        defer { statement.reset() }
        var found = OpenRows()
        var count = 0
        var octets = 0
        while try statement.step() {
            count += 1
            guard !statement.isNull(0) else {
                found.mayLackSome = true
                continue
            }
            let row = OpenRowSQL.read(statement, withText: withText)
            octets += row.octets
            guard octets <= 2 * OutboxLimits.mail else { return nil }
            found.rows.append(row)
        }
        return count < Candidate.maxRows ? found : nil
    }

    private func oldest(of mailID: Int64) throws -> [Int64] {
        try connection.statement(
            """
            SELECT r.id FROM outboxd_rows r JOIN outbox o ON o.id = r.id
            WHERE r.mail_id = ? AND r.state = \(row: .pending)
            ORDER BY o.created_at, r.id LIMIT ?
            """
        ).bind(mailID).bind(most).all { $0.int(0) }
    }

    // MARK: One by one

    /// nil if the API server has deleted it.
    func row(_ id: Int64, withText: Bool) throws -> OutboxRow? {
        do {
            return try connection.statement("\(columns.openRows.one(withText)) WHERE r.id = ?")
                .bind(id).first { OpenRowSQL.read($0, withText: withText) }
        } catch let error as SQLiteError where error.isTooBig {
            return try longRow(id, withText: withText)
        }
    }

    /// A statement reads what outboxd keeps of the row, and each column of `outbox` one of its own.
    private func longRow(_ id: Int64, withText: Bool) throws -> OutboxRow? {
        try connection.statement(
            """
            SELECT r.id, r.due_at, r.attempts, r.first_attempt_at, r.relay_down_before, r.identity
            FROM outboxd_rows r JOIN outbox o ON o.id = r.id WHERE r.id = ?
            """
        ).bind(id).first { row in
            let values = OutboxColumns(connection: connection, id: id)
            return OutboxRow(
                id: id, helpdeskID: try values.identity("helpdesk_id"),
                conversationID: try values.identity("conversation_id"),
                messageID: try values.identity("message_id"),
                audience: try values.identity("audience"),
                recipientEmail: try values.identity("recipient_email"),
                texts: withText ? try texts(of: id) : RowTexts(), hasTexts: withText,
                isInstant: try values.int("instant") != 0, notBefore: try notBefore(values),
                isCancelled: try !values.isNull("cancelled_at"),
                createdAt: WallTime(milliseconds: try values.int("created_at")),
                dueAt: row.time(1), attempts: Int(row.int(2)),
                firstAttemptAt: row.optionalTime(3), relayDownBefore: .milliseconds(row.int(4)),
                identity: row.optionalInt(5))
        }
    }

    private func notBefore(_ values: OutboxColumns) throws -> WallTime? {
        guard columns.has("not_before", of: Schema.outbox), try !values.isNull("not_before")
        else { return nil }
        return WallTime(milliseconds: try values.int("not_before"))
    }

    func texts(of id: Int64) throws -> RowTexts {
        let values = OutboxColumns(connection: connection, id: id)
        func text(_ column: String, limit: Int = OutboxLimits.line) throws -> String? {
            guard columns.has(column, of: Schema.outbox) else { return nil }
            return try values.text(column, limit: limit)
        }
        return RowTexts(
            recipientName: try text("recipient_name"), authorName: try text("author_name"),
            subject: try text("subject"),
            bodyText: try text("body_text", limit: OutboxLimits.body) ?? "",
            attachments: try text("attachments", limit: OutboxLimits.attachments),
            pageURL: try text("page_url"), unsubscribeURL: try text("unsubscribe_url"),
            inReplyTo: try text("in_reply_to"), locale: try text("locale"),
            traceparent: try text("traceparent"))
    }
}

/// The open rows of a mail that still stand in `outbox`.
struct OpenRows {
    var rows: [OutboxRow] = []
    /// There may be others, which the API server has deleted.
    var mayLackSome = false
}

extension OutboxColumns {
    func identity(_ column: String) throws -> String {
        try text(column, limit: OutboxLimits.identity) ?? ""
    }
}
