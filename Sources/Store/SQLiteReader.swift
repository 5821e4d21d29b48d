internal import Delivery
package import SQLite

/// Reads an SQLite file for the commands, each method on one snapshot that ends with it, so that nobody who
/// reads a long list slowly holds up a checkpoint.
///
/// States and reasons are those of the view `outbox_status`. The view answers for one id; to find
/// rows, the partial indexes over open work and the order of ids are used here, so that a million
/// finished rows cost little.
package struct SQLiteReader: OutboxReader {
    typealias Row = OutboxView.Row
    typealias Failure = OutboxView.Failure
    typealias Story = OutboxView.Story
    typealias Mail = OutboxView.Mail
    typealias Attempt = OutboxView.Attempt
    typealias Numbers = OutboxView.Numbers
    typealias Pause = OutboxView.Pause
    typealias Filter = OutboxView.Filter
    typealias Position = OutboxView.Position
    typealias Facts = OutboxView.Facts
    typealias Faults = OutboxView.Faults
    typealias BlockedSender = OutboxView.BlockedSender

    let connection: Connection
    /// What stands beside the database of its epoch; nil: nobody compares.
    let note: (any EpochNote)?
    /// What stood there before anything was read here.
    let noted: NotedEpoch?
    /// So many rows are few for `list`.
    var few = 10_000

    package init(_ connection: Connection, note: (any EpochNote)? = nil) {
        self.connection = connection
        self.note = note
        noted = note?.look()
    }

    // MARK: Pauses

    /// What is paused, an operator's pauses first, in the order of the ids.
    package func pauses() throws -> [OutboxView.Pause] {
        try connection.snapshot { try readPauses() }
    }

    func readPauses() throws -> [Pause] {
        let byOperator = try connection.statement(
            "SELECT helpdesk_id, paused_at, who, why FROM outboxd_pauses ORDER BY helpdesk_id"
        ).all {
            Pause(
                helpdeskID: $0.text(0).isEmpty ? nil : $0.text(0), author: .operator,
                since: $0.time(1), who: $0.optionalText(2), why: $0.optionalText(3))
        }
        return try byOperator + pausedByHelpdesk().map { Pause(helpdeskID: $0, author: .api) }
    }

    /// If one row of a view can't be read, or takes too long, the others are: each is then asked for by its id.
    private func pausedByHelpdesk() throws -> [String] {
        do {
            return try connection.withLimit(StatementLimit.first) {
                try connection.statement(
                    "SELECT id FROM helpdesks WHERE \(Schema.isPaused) ORDER BY id"
                ).all { $0.text(0) }
            }
        } catch let error as SQLiteError where error.isAboutTheStatement {
            return try connection.withLimit(Self.patienceWithHelpdesks) {
                try helpdeskIDs().filter(isPausedByHelpdesk)
            }
        }
    }

    private func isPausedByHelpdesk(_ id: String) throws -> Bool {
        do {
            return try connection.withLimit(StatementLimit.first) {
                try connection.statement("SELECT \(Schema.isPaused) FROM helpdesks WHERE id = ?")
                    .bind(id).first { $0.bool(0) } ?? false
            }
        } catch let error as SQLiteError where error.isAboutTheStatement {
            return false  // Told by the claim and by `check` as a fault of this helpdesk.
        }
    }

    /// For all of them: a command that stops mail must not wait for a view.
    private static let patienceWithHelpdesks: Duration = .seconds(1)

    func helpdeskIDs() throws -> [String] {
        do {
            return try connection.withLimit(StatementLimit.first) {
                try connection.statement("SELECT id FROM helpdesks ORDER BY id LIMIT 100000")
                    .all { $0.text(0) }
            }
        } catch let error as SQLiteError where error.isAboutTheStatement {
            return []  // Not even the ids can be read: `check` and the log name the table.
        }
    }

    package func helpdesk(_ id: String) throws -> Helpdesk? {
        try HelpdeskReader(connection: connection, columns: try APIColumns(connection)).record(id)?
            .helpdesk
    }

    package func helpdesks(limit: Int) throws -> OutboxView.Helpdesks {
        var found = OutboxView.Helpdesks()
        for id in try helpdeskIDs().prefix(limit) {
            do {
                // A view may take minutes for one of them.
                let one = try connection.withLimit(StatementLimit.first) { try helpdesk(id) }
                if let one { found.readable.append(one) }
            } catch let error as SQLiteError where error.isTooBig {
                found.overlong.append((id, error.message))
            } catch let error as SQLiteError where error.isAboutTheStatement {
                // Told by the claim and by `check` as a fault of this helpdesk.
            }
        }
        return found
    }

    /// Whether the helpdesk is named anywhere: a pause of one that is not may be a slip.
    package func knowsHelpdesk(_ id: String) throws -> Bool {
        try connection.statement(
            """
            SELECT EXISTS (SELECT 1 FROM helpdesks WHERE id = ?1)
                OR EXISTS (SELECT 1 FROM outbox WHERE helpdesk_id = ?1)
            """
        ).bind(id).first { $0.bool(0) } ?? false
    }
}
