extension LogEvent {
    /// Level and words of its lines.
    ///
    /// The words never change with the case: what does stands in fields.
    package var line: (level: LogLevel, text: String) {
        switch self {
        case .mailSent: (.info, "mail")
        case .mailDeferred: (.notice, "mail")
        case .mailFailed: (.warning, "mail")
        case .mailUncertain: (.warning, "mail")
        case .mailReturned: (.notice, "mail")
        case .mailFaulty: (.warning, "mail")
        case .rowSkipped: (.info, "row needs no mail")
        case .rowFailed: (.warning, "row can't be sent")
        case .rowsIngested: (.debug, "ingested new rows")
        case .rowsWaitForSender: (.notice, "rows wait for their sender and are not failed")
        case .rowsWaitForRelay: (.notice, "rows wait for the relay and are not failed")
        case .relayUp: (.notice, "the relay works")
        case .relayDown: (.error, "the relay is in trouble; mails wait and it is tried again")
        case .relaySilent: (.warning, "the relay does not answer; it is waited for")
        case .connectionsLimited:
            (
                .notice,
                "the relay takes no more connections for now; going on with those that are open"
            )
        case .senderBlocked:
            (.error, "the relay refuses a sender; its mails wait and one is tried now and then")
        case .senderUnblocked: (.notice, "the relay accepts a sender again")
        case .databaseDown: (.error, "the database can't be used; nothing is sent meanwhile")
        case .databaseUp: (.notice, "the database can be used again")
        case .databaseLocked: (.warning, "another process keeps the database locked; waiting")
        case .mailFault: (.error, "an SQL statement failed for a mail; it waits, the others go on")
        case .rowFault: (.error, "a row of outbox can't be read; it waits, the others go on")
        case .helpdeskFault:
            (.error, "a helpdesk's row can't be read; its mails wait, the others go on")
        case .suppressionFault: (.error, "a suppression can't be written; it counts all the same")
        case .mailUnrecorded:
            (.error, "what became of a mail can't be written down yet; it is not sent again")
        case .moreFaults: (.error, "the same happened to others within a minute")
        case .commitsUnwatched: (.warning, "commits are not noticed at once, only polled for")
        case .idsBeganAnew:
            (
                .warning,
                "outbox was about to use ids again; they go on behind the last one that was used"
            )
        case .idsUsedAgain: (.warning, "rows have ids that others had; they are sent as new ones")
        case .rowsPruned: (.info, "pruned old rows")
        case .rowKept:
            (.warning, "an old row can't be deleted; it stays, and others with it if they can't be")
        case .clockSet: (.warning, "the clock was set; due times were moved with it")
        case .databaseRestored:
            (
                .error,
                "the database was restored from an older state: everything is held, and nothing is sent"
            )
        case .databaseReleased: (.notice, "the restored database was released; mail goes on")
        case .epochUnwritable:
            (
                .warning,
                "a restored backup would not be noticed: the number beside the database can't be written"
            )
        case .tookOverDead: (.notice, "took over the mails of an outboxd that died")
        case .tookOverFrozen: (.notice, "took over the mails of an outboxd that does not move")
        case .notTakenOver:
            (.error, "a mail can't be taken over from another outboxd; it waits and is tried again")
        case .notesUnreachable: (.error, "another outboxd's notes are out of reach")
        case .leaseLost: (.warning, "another outboxd has taken a mail over")
        case .leaseLostAfterSending:
            (
                .warning,
                "the relay accepted a mail that another outboxd had taken over: it may go out twice"
            )
        case .waiting: (.error, "waiting for the database")
        case .metricsServed: (.notice, "metrics are served")
        case .metricsNotServed:
            (.error, "metrics can't be served; mail goes on, and it is tried again")
        case .metricsNotWritten: (.error, "metrics can't be written; mail goes on")
        case .metricsWritten: (.notice, "metrics are written again")
        case .databaseMade: (.notice, "made what the database lacked")
        case .databaseDoubtful: (.warning, "something is to be said of where the database lies")
        case .restartPaused:
            (
                .warning,
                "waiting before it starts: it has ended again and again, each time soon after its start"
            )
        case .cannotStart: (.error, "outboxd can't start")
        case .runs: (.notice, "outboxd runs")
        case .stopping: (.notice, "stopping: finishing what is under way")
        case .stoppingAtOnce: (.notice, "stopping at once")
        case .stopped: (.notice, "outboxd has stopped")
        case .failed: (.error, "outboxd ends: it can't go on")
        case .outdated: (.error, "outboxd ends: the tables are those of a newer outboxd")
        case .drainProgress: (.notice, "drain goes on")
        case .settingsChanged: (.notice, "the settings were read again and count from now on")
        case .settingsNeedRestart:
            (.warning, "settings have changed that count after a restart only")
        case .settingsRefused: (.error, "the settings can't be used; those that stood go on")
        case .settingsDoubtful: (.warning, "something is to be said of the settings")
        case .filesChanged:
            (.notice, "a file that the settings name has changed; it is used from now on")
        case .reloadTooLate: (.notice, "SIGHUP while stopping: the settings are not read again")
        case .repeated: (.warning, "more lines like the last one were left out")
        case .linesLost: (.warning, "log lines were lost")
        }
    }
}
