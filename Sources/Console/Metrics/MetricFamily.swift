/// Every metric: its name, its type and a sentence (Metrics.md has a section for each).
///
/// Names follow https://prometheus.io/docs/practices/naming/: base units, `_total` for what only grows.
enum MetricFamily: String, CaseIterable {
    case notifications = "outboxd_notifications_total"
    case ingested = "outboxd_notifications_ingested_total"
    case reopened = "outboxd_notifications_reopened_total"
    case pruned = "outboxd_notifications_pruned_total"
    case waiting = "outboxd_notifications_waiting"
    case oldestDueAge = "outboxd_oldest_due_age_seconds"
    case deliveries = "outboxd_deliveries_total"
    case uncertain = "outboxd_uncertain_total"
    case duplicatesPrevented = "outboxd_duplicates_prevented_total"
    case emailsSaved = "outboxd_emails_saved_total"
    case relayUp = "outboxd_relay_up"
    case relayDuration = "outboxd_relay_duration_seconds"
    case lateness = "outboxd_lateness_seconds"
    case paused = "outboxd_paused"
    case restored = "outboxd_restored"
    case healthy = "outboxd_healthy"
    case databaseUp = "outboxd_database_up"
    case databaseErrors = "outboxd_database_errors_total"
    case statementFaults = "outboxd_statement_faults_total"
    case commitDuration = "outboxd_commit_duration_seconds"
    case batchSize = "outboxd_batch_size_mails"
    case walSize = "outboxd_wal_size_bytes"
    case databaseSize = "outboxd_database_size_bytes"
    case sampleAge = "outboxd_sample_age_seconds"
    case rounds = "outboxd_rounds_total"
    case lastRoundAge = "outboxd_last_round_age_seconds"
    case buildInfo = "outboxd_build_info"
    case cpu = "process_cpu_seconds_total"
    case residentMemory = "process_resident_memory_bytes"
    case virtualMemory = "process_virtual_memory_bytes"
    case openFDs = "process_open_fds"
    case maxFDs = "process_max_fds"
    case startTime = "process_start_time_seconds"

    var name: String { rawValue }

    enum Kind: String {
        case counter, gauge, histogram
    }

    var kind: Kind {
        switch self {
        case .relayDuration, .lateness, .commitDuration, .batchSize: .histogram
        case _ where name.hasSuffix("_total"): .counter
        default: .gauge
        }
    }

    var help: String {
        switch self {
        case .notifications: "Rows of outbox that ended, by outcome and reason."
        case .ingested: "Rows of outbox that were taken in."
        case .reopened:
            "Failed rows that wait again, since it was the sender or the relay that was refused."
        case .pruned: "Rows that ended long ago and were deleted."
        case .waiting: "Rows that wait at present, by reason; of the database."
        case .oldestDueAge:
            "How long the first mail that may go has been due; 0 if none is; of the database."
        case .deliveries:
            "Dialogues about a mail that came to an end, by outcome and the stage they ended in."
        case .uncertain: "Mails of which nobody knows whether the relay took them, by cause."
        case .duplicatesPrevented: "Mails that were kept from going out twice, by what kept them."
        case .emailsSaved: "Emails that did not have to be sent, by why; of the database."
        case .relayUp: "1 if the relay works, 0 if it is in trouble; absent before it was tried."
        case .relayDuration: "What the relay took for each phase of a dialogue."
        case .lateness:
            "From the moment that a mail was due to its MAIL command, at its first attempt."
        case .paused: "1 if an operator has paused everything."
        case .restored: "1 if everything is held since the database was restored."
        case .healthy: "1 if /healthz says 200."
        case .databaseUp: "1 if the database can be used, 0 if nothing is sent because it can't."
        case .databaseErrors: "Times that the database turned out not to be usable."
        case .statementFaults:
            "SQL statements that failed for one mail, row, helpdesk or suppression."
        case .commitDuration:
            "A round's transaction, or one that prunes, from the moment that it had the write lock to its commit."
        case .batchSize: "Mails claimed, or written down, in one transaction."
        case .walSize: "Size of the write-ahead log."
        case .databaseSize: "Size of the database file."
        case .sampleAge: "How old the figures are that are read from the database."
        case .rounds: "Rounds of the two threads."
        case .lastRoundAge: "How long ago each of the two threads began its last round."
        case .buildInfo: "1, with the versions of outboxd and SQLite."
        case .cpu: "Total user and system CPU time spent in seconds."
        case .residentMemory: "Resident memory size in bytes."
        case .virtualMemory: "Virtual memory size in bytes."
        case .openFDs: "Number of open file descriptors."
        case .maxFDs: "Maximum number of open file descriptors."
        case .startTime: "Start time of the process since unix epoch in seconds."
        }
    }
}
