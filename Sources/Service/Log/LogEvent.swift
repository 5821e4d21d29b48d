/// What a line of the log is about: a name that stays, whatever the words are.
///
/// The names and what they mean stand in Operating.md, "What the log says"; level and words in
/// ``LogEvent/line``.
package enum LogEvent: String, CaseIterable, Sendable {
    // Mails and rows: the record of what became of each.
    case mailSent = "mail_sent"
    case mailDeferred = "mail_deferred"
    case mailFailed = "mail_failed"
    case mailUncertain = "mail_uncertain"
    case mailReturned = "mail_returned"
    case mailFaulty = "mail_faulty"
    case rowSkipped = "row_skipped"
    case rowFailed = "row_failed"
    case rowsIngested = "rows_ingested"
    case rowsWaitForSender = "rows_wait_for_sender"
    case rowsWaitForRelay = "rows_wait_for_relay"

    // The relay and the senders.
    case relayUp = "relay_up"
    case relayDown = "relay_down"
    case relaySilent = "relay_silent"
    case connectionsLimited = "connections_limited"
    case senderBlocked = "sender_blocked"
    case senderUnblocked = "sender_unblocked"

    // The database.
    case databaseDown = "database_down"
    case databaseUp = "database_up"
    case databaseLocked = "database_locked"
    case mailFault = "mail_fault"
    case rowFault = "row_fault"
    case helpdeskFault = "helpdesk_fault"
    case suppressionFault = "suppression_fault"
    case mailUnrecorded = "mail_unrecorded"
    case moreFaults = "more_faults"
    case commitsUnwatched = "commits_unwatched"
    case idsBeganAnew = "ids_began_anew"
    case idsUsedAgain = "ids_used_again"
    case rowsPruned = "rows_pruned"
    case rowKept = "row_kept"
    case clockSet = "clock_set"
    case databaseRestored = "database_restored"
    case databaseReleased = "database_released"
    case epochUnwritable = "epoch_unwritable"

    // Other processes.
    case tookOverDead = "took_over_dead"
    case tookOverFrozen = "took_over_frozen"
    case notTakenOver = "not_taken_over"
    case notesUnreachable = "notes_unreachable"
    case leaseLost = "lease_lost"
    case leaseLostAfterSending = "lease_lost_after_sending"

    // This process.
    case waiting = "waiting"
    case metricsServed = "metrics_served"
    case metricsNotServed = "metrics_not_served"
    case metricsNotWritten = "metrics_not_written"
    case metricsWritten = "metrics_written"
    case databaseMade = "database_made"
    case databaseDoubtful = "database_doubtful"
    case restartPaused = "restart_paused"
    case cannotStart = "cannot_start"
    case runs = "runs"
    case stopping = "stopping"
    case stoppingAtOnce = "stopping_at_once"
    case stopped = "stopped"
    case failed = "failed"
    case outdated = "outdated"
    case drainProgress = "drain_progress"
    case settingsChanged = "settings_changed"
    case settingsNeedRestart = "settings_need_restart"
    case settingsRefused = "settings_refused"
    case settingsDoubtful = "settings_doubtful"
    case filesChanged = "files_changed"
    case reloadTooLate = "reload_too_late"

    // The log itself.
    case repeated = "repeated"
    case linesLost = "lines_lost"

    /// Each of its lines is the record of one mail or row: none is left out, however many come.
    package var isRecord: Bool {
        switch self {
        case .mailSent, .mailDeferred, .mailFailed, .mailUncertain, .mailReturned, .mailFaulty,
            .rowSkipped, .rowFailed, .leaseLost, .leaseLostAfterSending, .drainProgress, .repeated,
            .linesLost:
            true
        default: false
        }
    }
}
