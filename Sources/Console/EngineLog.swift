internal import Delivery
internal import Engine
internal import Service
internal import Store

/// Writes what the engine tells into the log, in Postfix's words: `relay= delay= delays= dsn=
/// status=`.
///
/// Never a secret, never message text.
struct EngineLog {
    let log: Log

    func note(_ event: EngineEvent) {
        switch event {
        case .ingested(let rows): log.debug("ingested new rows", ["count": .int(rows)])
        case .failedRow(let id, let reason, let text):
            log.warning(
                "row can't be sent",
                [
                    "row": .int(id), "status": "failed", "reason": "\(reason.rawValue)",
                    "error": "\(text)",
                ])
        case .skipped(let skip):
            log.info(
                "row needs no mail",
                ["row": .int(skip.row), "status": "skipped", "reason": "\(skip.reason.rawValue)"])
        case .attempted(let attempts): log.together { for attempt in attempts { note(attempt) } }
        case .leaseLost(let mailID, let rows, let wasSent):
            log.warning(
                wasSent
                    ? "the relay accepted a mail that another outboxd had taken over: it may go out twice"
                    : "another outboxd has taken a mail over",
                ["mail": .int(mailID), "rows": .list(rows)])
        case .relay(let status): note(status)
        case .reopened(let rows, let sender):
            log.notice(
                "rows wait for their sender and are not failed",
                ["count": .int(rows), "from": "\(sender)", "reason": "sender"])
        case .reopenedForRelay(let rows):
            log.notice(
                "rows wait for the relay and are not failed",
                ["count": .int(rows), "reason": "relay"])
        case .senderBlocked(let address):
            log.error(
                "the relay refuses a sender; its mails wait and one is tried now and then",
                ["from": "\(address)", "reason": "sender"])
        case .senderUnblocked(let address):
            log.notice("the relay accepts a sender again", ["from": "\(address)"])
        default: noteOperation(event)
        }
    }

    private func noteOperation(_ event: EngineEvent) {
        switch event {
        case .tookOver(let mails, let isDead):
            log.notice(
                isDead
                    ? "took over the mails of an outboxd that died"
                    : "took over the mails of an outboxd that does not move",
                ["mails": .int(mails)])
        case .journalTrouble(let trouble):
            log.error(
                "another outboxd's notes are out of reach",
                [
                    "file": "\(trouble.path)", "owner": "\(trouble.owner ?? "unknown")",
                    "error": "\(trouble)",
                ])
        case .notTakenOver(let mailID, let error):
            log.error(
                "a mail can't be taken over from another outboxd; it waits and is tried again",
                ["mail": .int(mailID), "stage": "store", "error": "\(error)"])
        case .connectionsLimited(let count, let error):
            log.notice(
                "the relay takes no more connections for now; going on with those that are open",
                ["connections": .int(count), "error": "\(error.text)"])
        case .clockWasSet(let by):
            log.warning("the clock was set; due times were moved with it", ["by": .duration(by)])
        case .idsBeganAnew(let newest):
            log.warning(
                "outbox was about to use ids again; they go on behind the last one that was used",
                ["row": .int(newest)])
        case .idsUsedAgain(let rows):
            log.warning(
                "rows have ids that others had; they are sent as new ones", ["rows": .list(rows)])
        case .storeTrouble(let text):
            log.error("the database can't be used; nothing is sent meanwhile", ["error": "\(text)"])
        case .statementFault(let fault): note(fault)
        case .unrecorded(let mailID, let rows, let text):
            log.error(
                "what became of a mail can't be written down yet; it is not sent again",
                ["mail": .int(mailID), "rows": .list(rows), "stage": "store", "error": "\(text)"])
        case .moreFaults(let count, let text):
            log.error(
                "the same happened to others within a minute",
                ["count": .int(count), "stage": "store", "error": "\(text)"])
        case .unwatched(let text):
            log.warning(
                "commits are not noticed at once, only polled for", ["error": "\(text)"])
        case .storeRecovered: log.notice("the database can be used again")
        case .waitingForLock(let waited):
            log.warning(
                "another process keeps the database locked; waiting", ["waited": .duration(waited)])
        case .ingested, .failedRow, .skipped, .attempted, .leaseLost, .relay, .reopened,
            .reopenedForRelay, .senderBlocked, .senderUnblocked, .actsThroughPauses, .chosen,
            .measured:
            break  // Told above, or by the command.
        }
    }

    private func note(_ fault: StatementFault) {
        var fields: LogFields = [:]
        let message: String
        switch fault.subject {
        case .mail(let id, let rows):
            message = "an SQL statement failed for a mail; it waits, the others go on"
            fields = ["mail": .int(id), "rows": .list(rows), "status": "deferred"]
        case .row(let id):
            message = "a row of outbox can't be read; it waits, the others go on"
            fields = ["row": .int(id), "status": "deferred"]
        case .helpdesk(let id):
            message = "a helpdesk's row can't be read; its mails wait, the others go on"
            fields = ["helpdesk": "\(id)", "status": "deferred"]
        case .suppression(let address):
            message = "a suppression can't be written; it counts all the same"
            fields = ["address": "\(address)"]
        }
        fields.append("stage", "store")
        fields.append("error", .string(fault.text))
        log.error(message, fields)
    }

    private func note(_ status: RelayStatus) {
        if status.state == .up { return log.notice("the relay works") }
        var fields: LogFields = [:]
        fields.append("stage", (status.error?.stage.rawValue).map { .string($0) })
        fields.append("code", status.error?.code.map { .int($0) })
        fields.append("dsn", (status.error?.enhanced?.description).map { .string($0) })
        fields.append("error", (status.error?.text).map { .string($0) })
        log.error("the relay is in trouble; mails wait and it is tried again", fields)
    }

    private func note(_ attempt: EngineEvent.Attempt) {
        let status: String
        let level: LogLevel
        switch attempt.outcome {
        case .sent: (status, level) = ("sent", .info)
        case .deferred: (status, level) = ("deferred", .notice)
        case .failed: (status, level) = ("bounced", .warning)
        case .uncertain: (status, level) = ("uncertain", .warning)
        case .returned: (status, level) = ("returned", .notice)
        case .faulty: (status, level) = ("deferred", .warning)
        }
        log.log(level, "mail", fields(attempt, status: status))
    }

    private func fields(_ attempt: EngineEvent.Attempt, status: String) -> LogFields {
        let delays = attempt.delays
        var fields: LogFields = [
            "mail": .int(attempt.mailID), "rows": .list(attempt.rows),
            "to": .string("<\(attempt.recipient)>"), "relay": .string(attempt.relay ?? "none"),
            "delay": .string(Self.seconds(delays.total)),
            "delays": .string(
                [delays.beforeClaim, delays.queued, delays.connecting, delays.transmitting]
                    .map(Self.seconds).joined(separator: "/")),
            "dsn": .string(Self.dsn(attempt)), "status": .string(status),
        ]
        if case .failed(let reason) = attempt.outcome {
            fields.append("reason", .string(reason.rawValue))
        }
        fields.append("stage", (attempt.error?.stage.rawValue).map { .string($0) })
        fields.append("code", (attempt.error?.code ?? attempt.reply?.code).map { .int($0) })
        fields.append("reply", (attempt.error?.text ?? attempt.reply?.text).map { .string($0) })
        fields.append("message_id", attempt.emailMessageID.map { .string($0) })
        let traces = attempt.traces.map(\.text).joined(separator: ",")
        if !traces.isEmpty { fields.append("traceparent", .string(traces)) }
        return fields
    }

    /// The relay's enhanced code, or the one that stands for a code without one (RFC 3463): Postfix's
    /// `dsn=`.
    private static func dsn(_ attempt: EngineEvent.Attempt) -> String {
        if let enhanced = attempt.error?.enhanced ?? attempt.reply?.enhanced {
            return enhanced.description
        }
        switch attempt.outcome {
        case .sent: return "2.0.0"
        case .failed: return "5.0.0"
        case .deferred, .uncertain, .returned, .faulty: return "4.0.0"
        }
    }

    /// As Postfix writes them: two digits that say something, no more.
    static func seconds(_ duration: Duration) -> String {
        let milliseconds = max(0, duration.inMilliseconds)
        if milliseconds >= 100_000 { return String(milliseconds / 1_000) }
        let hundredths = (milliseconds + 5) / 10
        if hundredths % 100 == 0 { return String(hundredths / 100) }
        let fraction = hundredths % 100
        let text = "\(hundredths / 100)." + (fraction < 10 ? "0\(fraction)" : "\(fraction)")
        return text.hasSuffix("0") ? String(text.dropLast()) : text
    }
}
