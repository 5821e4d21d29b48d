package import Delivery
internal import SQLite

/// What an operator does by hand.
extension SQLiteStore: OutboxOperator {
    package var reader: any OutboxReader { SQLiteReader(connection, note: epochNote) }

    /// - Parameter helpdesk: "" is everything.
    package func pause(helpdesk: String, by note: OperatorNote, at now: WallTime) throws {
        try inTransaction {
            try connection.statement(
                """
                INSERT INTO outboxd_pauses (helpdesk_id, paused_at, who, why) VALUES (?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """
            ).bind(helpdesk).bind(now.milliseconds).bind(note.who).bind(note.why).run()
            guard connection.changes > 0 else { return }
            try record(.paused, helpdesk: helpdesk, by: note, at: now)
        }
    }

    /// - Returns: false if it was not paused.
    package func resume(helpdesk: String, by note: OperatorNote, at now: WallTime) throws -> Bool {
        try inTransaction {
            try connection.statement("DELETE FROM outboxd_pauses WHERE helpdesk_id = ?")
                .bind(helpdesk).run()
            let was = connection.changes > 0
            if was { try record(.resumed, helpdesk: helpdesk, by: note, at: now) }
            // One row, however much waits: mails don't know of the pause.
            try connection.statement(
                "UPDATE outboxd_lines SET parked = \(park: .none) WHERE helpdesk_id = ? AND parked = \(park: .pausedByOperator)"
            ).bind(helpdesk).run()
            return was
        }
    }

    /// Settles the uncertain mail that a row is held in.
    package func resolve(
        row id: Int64, as resolution: Resolution, by note: OperatorNote, at now: WallTime
    ) throws -> Resolved {
        try inTransaction {
            let (result, key) = try SQLiteReader(connection).held(row: id)
            guard case .done(let mailID) = result, let key else { return result }
            let what: Deed.What = resolution == .sent ? .resolvedAsSent : .resolvedToResend
            for row in try rows.open(in: mailID) { try record(what, row: row, by: note, at: now) }
            switch resolution {
            case .sent: try settleAsSent(mailID, key: key, at: now)
            case .resend:
                try putInLine(mailID, try lines.line(of: key.helpdeskID), .retry, dueAt: now)
            }
            return result
        }
    }

    private func settleAsSent(_ mailID: Int64, key: MailKey, at now: WallTime) throws {
        mayHaveSent = true
        try rows.settleAsSent(mailID: mailID, at: now)
        try close(mailID, key: key)
        try forgetCopy(of: mailID)
    }
}
