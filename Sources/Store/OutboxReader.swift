package import SQLite

/// What people ask of the outbox: reads only, each on one snapshot.
package struct OutboxReader {
    let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    package struct Pauses: Sendable, Equatable {
        /// "" is everything.
        package var byOperator: [String]
        package var byHelpdesk: [String]
    }

    package func pauses() throws -> Pauses {
        try connection.snapshot {
            Pauses(
                byOperator: try connection.statement(
                    "SELECT helpdesk_id FROM outboxd_pauses ORDER BY helpdesk_id"
                ).all { $0.text(0) },
                byHelpdesk: try connection.statement(
                    "SELECT id FROM helpdesks WHERE paused <> 0 ORDER BY id"
                ).all { $0.text(0) })
        }
    }
}
