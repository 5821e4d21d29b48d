package import Delivery
internal import SQLite

extension SQLiteReader {
    /// nil if there is no such row in `outbox`.
    package func story(of id: Int64, at now: WallTime) throws -> OutboxView.Story? {
        try connection.snapshot {
            let circumstances = try circumstances(at: now)
            guard let row = try row(id, circumstances), var story = try texts(of: row) else {
                return nil
            }
            story.helpdesk = try helpdesk(of: row)
            story.readMarker = try readMarker(of: row)
            story.deeds = try deeds(of: row)
            story.suppressions = try suppressions(of: row, at: now)
            guard let mailID = row.mailID else { return story }
            story.mail = try mail(mailID, besides: id, circumstances)
            story.attempts = try attempts(of: row, in: mailID)
            return story
        }
    }

    private func deeds(of row: Row) throws -> [Deed] {
        let own = try connection.statement(
            "SELECT at, what, who, why, NULL FROM outboxd_deeds WHERE row_id = ? ORDER BY id LIMIT 1000"
        ).bind(row.id).all(Self.deed)
        let address = AddressText.normalized(row.recipientEmail)
        let ofHelpdesk = try connection.statement(
            """
            SELECT at, what, who, why, helpdesk_id FROM outboxd_deeds
            WHERE row_id IS NULL AND helpdesk_id IN ('', ?) AND at BETWEEN ? AND ?
            ORDER BY id LIMIT 1000
            """
        ).bind(row.helpdeskID).bind(row.createdAt.milliseconds)
            .bind((row.finishedAt?.milliseconds ?? .max)).all(Self.deed)
        let ofAll = Set(Deed.What.holds.map(\.rawValue))
        return own
            + ofHelpdesk.filter { deed in
                ofAll.contains(deed.what) || deed.why == address
                    || deed.why?.hasPrefix("\(address): ") == true
            }
    }

    private static func deed(_ row: Statement) -> Deed {
        Deed(
            at: row.time(0), what: row.text(1), who: row.text(2), why: row.optionalText(3),
            helpdeskID: row.optionalText(4))
    }

    /// Empty also if the table can't be read.
    private func suppressions(of row: Row, at now: WallTime) throws -> [OutboxView.Suppression] {
        do {
            return try suppressions(
                of: AddressText.normalized(row.recipientEmail), helpdesk: row.helpdeskID, at: now)
        } catch let error as SQLiteError where error.isAboutTheStatement {
            return []
        }
    }

    private func helpdesk(of row: Row) throws -> Helpdesk? {
        do {
            return try helpdesk(row.helpdeskID)
        } catch let error as SQLiteError where error.isAboutTheStatement {
            return nil
        }
    }

    /// nil also if the marker can't be read: the row's last error says so, once its mail is due.
    private func readMarker(of row: Row) throws -> WallTime? {
        do {
            return try ReadMarkers.newest(
                connection,
                MailKey(
                    helpdeskID: row.helpdeskID, conversationID: row.conversationID,
                    recipient: AddressText.normalized(row.recipientEmail), audience: row.audience))
        } catch let error as SQLiteError where error.isAboutTheStatement {
            return nil
        }
    }

    /// A text that is too long to be mailed is shown all the same, cut.
    private static let longestShown = 64 << 20

    private func texts(of row: Row) throws -> Story? {
        do {
            return try readTexts(of: row)
        } catch let error as SQLiteError where error.isTooBig {
            return try connection.withValues(upTo: Self.longestShown) { try readTexts(of: row) }
        }
    }

    private func readTexts(of row: Row) throws -> Story? {
        let table = try APIColumns(connection)
        let texts = [
            ("recipient_name", 2_000), ("author_name", 2_000), ("subject", 2_000),
            ("page_url", 2_000), ("unsubscribe_url", OutboxLimits.line),
            ("attachments", OutboxLimits.attachments), ("in_reply_to", 2_000), ("locale", 2_000),
            ("traceparent", 2_000),
        ].map { "substr(\(table.sql($0, of: Schema.outbox, "o")), 1, \($1))" }
        let notBefore = table.sql("not_before", of: Schema.outbox, "o")
        return try connection.statement(
            """
            SELECT \(texts.joined(separator: ", ")), \(notBefore), length(o.body_text), o.instant,
                o.cancelled_at, r.first_attempt_at
            FROM outbox o LEFT JOIN outboxd_rows r ON r.id = o.id WHERE o.id = ?
            """
        ).bind(row.id).first { values in
            var columns = ColumnCursor(values)
            var story = Story(row: row, bodyLength: 0, isInstant: false, attempts: [])
            story.recipientName = columns.optionalText()
            story.authorName = columns.optionalText()
            story.subject = columns.optionalText()
            story.pageURL = columns.optionalText()
            story.unsubscribeURL = columns.optionalText()
            story.attachments = columns.optionalText()
            story.inReplyTo = columns.optionalText()
            story.locale = columns.optionalText()
            story.traceparent = columns.optionalText()
            story.notBefore = columns.optionalTime()
            story.bodyLength = Int(columns.int())
            story.isInstant = columns.bool()
            story.cancelledAt = columns.optionalTime()
            story.firstAttemptAt = columns.optionalTime()
            return story
        }
    }

    private func mail(_ id: Int64, besides row: Int64, _ circumstances: Circumstances) throws
        -> Mail?
    {
        let others = try connection.statement(
            "SELECT id FROM outboxd_rows WHERE mail_id = ? AND id <> ? ORDER BY id LIMIT 1000"
        ).bind(id).bind(row).all { $0.int(0) }
        let rows = try others.compactMap { try self.row($0, circumstances) }
        return try connection.statement(
            "SELECT sender, composed_at, copies FROM outboxd_mails WHERE id = ?"
        ).bind(id).first {
            Mail(
                id: id, sender: $0.optionalText(0),
                composedAt: $0.optionalTime(1),
                copies: Int($0.int(2)), otherRows: rows)
        }
    }

    /// The mail's attempts that the row was part of.
    ///
    /// A row may have been tried in another mail before the two became one: where attempts are
    /// missing, they are looked for everywhere.
    private func attempts(of row: Row, in mailID: Int64) throws -> [Attempt] {
        func ofRow(_ attempts: [Attempt]) -> [Attempt] {
            attempts.filter { $0.rowIDs.contains(row.id) }
        }
        let first = ofRow(try attempts(Self.firstAttempt, mailID))
        let own = ofRow(try attempts(Self.attempts + " WHERE mail_id = ? ORDER BY number", mailID))
        guard (first + own).count(where: \.isCounted) < row.attempts else { return first + own }
        let everywhere = try attempts(
            Self.attempts
                + " WHERE instr(replace(replace(row_ids, '[', ','), ']', ','), ',' || ? || ',')",
            row.id)
        return (first + everywhere)
            .sorted { ($0.at, $0.mailID, $0.number) < ($1.at, $1.mailID, $1.number) }
    }

    private static let attempts = """
        SELECT mail_id, number, at, outcome, counted, row_ids, relay, milliseconds, stage, code,
            enhanced, text, queued_milliseconds, connecting_milliseconds
        FROM outboxd_attempts
        """

    /// The attempt that stands in the mail's own row; see ``MailTable/acceptFirst(_:)``.
    private static let firstAttempt = """
        SELECT id, 1, sent_at, 'sent', 1,
            (SELECT group_concat(id) FROM outboxd_rows r
                WHERE r.mail_id = m.id AND r.state = \(row: .sent)),
            sent_relay, sent_milliseconds, iif(sent_code IS NULL, NULL, 'final'), sent_code,
            sent_enhanced, sent_text, sent_queued_milliseconds, sent_connecting_milliseconds
        FROM outboxd_mails m WHERE id = ? AND sent_at IS NOT NULL
        """

    private func attempts(_ sql: String, _ value: Int64) throws -> [Attempt] {
        try connection.statement(sql).bind(value).all { row in
            Attempt(
                mailID: row.int(0), number: Int(row.int(1)),
                at: row.time(2), outcome: row.text(3),
                isCounted: row.bool(4), rowIDs: Self.ids(row.text(5)),
                relay: row.optionalText(6), duration: row.optionalInt(7).map(Duration.milliseconds),
                queued: row.optionalInt(12).map(Duration.milliseconds),
                connecting: row.optionalInt(13).map(Duration.milliseconds),
                stage: row.optionalText(8), code: row.optionalInt(9).map(Int.init),
                enhanced: row.optionalText(10), text: row.optionalText(11))
        }
    }

    /// `[1,2,3]`, as outboxd writes it.
    private static func ids(_ text: String) -> [Int64] {
        text.split { "[], ".contains($0) }.compactMap { Int64($0) }
    }
}
