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
        case .ingested(let rows): log.log(.rowsIngested, ["count": .int(rows)])
        case .failedRow(let id, let reason, let text):
            log.log(
                .rowFailed,
                [
                    "row": .int(id), "status": "failed", "reason": "\(reason.rawValue)",
                    "error": "\(text)",
                ])
        case .skipped(let skips): log.together { for skip in skips { note(skip) } }
        case .attempted(let attempts): log.together { for attempt in attempts { note(attempt) } }
        case .leaseLost(let mailID, let rows, let wasSent):
            log.log(
                wasSent ? .leaseLostAfterSending : .leaseLost,
                ["mail": .int(mailID), "rows": .list(rows)])
        case .reopened(let rows, let sender):
            log.log(
                .rowsWaitForSender,
                ["count": .int(rows), "from": "\(sender)", "reason": "sender"])
        case .reopenedForRelay(let rows):
            log.log(.rowsWaitForRelay, ["count": .int(rows), "reason": "relay"])
        default: noteRelay(event)
        }
    }

    private func note(_ skip: Skip) { log.log(.rowSkipped, Self.fields(skip)) }

    private static func fields(_ skip: Skip) -> LogFields {
        var fields: LogFields = ["row": .int(skip.row)]
        if let place = skip.place {
            fields.append("mail", .int(place.mailID))
            fields.append("helpdesk", "\(place.helpdeskID)")
        }
        fields.append("status", "skipped")
        fields.append("reason", "\(skip.reason.rawValue)")
        if let trace = skip.place?.trace { fields.append("traceparent", .words([trace.text])) }
        return fields
    }

    private func noteRelay(_ event: EngineEvent) {
        switch event {
        case .relay(let status) where status.state == .up: log.log(.relayUp)
        case .relay(let status): log.log(.relayDown, Self.fields(status.error))
        case .relaySilent(let error): log.log(.relaySilent, Self.fields(error))
        case .connectionsLimited(let count, let error):
            log.log(
                .connectionsLimited, ["connections": .int(count), "error": "\(error.text)"])
        case .senderBlocked(let address):
            log.log(.senderBlocked, ["from": "\(address)", "reason": "sender"])
        case .senderUnblocked(let address): log.log(.senderUnblocked, ["from": "\(address)"])
        default: noteOperation(event)
        }
    }

    private func noteOperation(_ event: EngineEvent) {
        switch event {
        case .tookOver(let mails, let isDead):
            log.log(isDead ? .tookOverDead : .tookOverFrozen, ["mails": .int(mails)])
        case .journalTrouble(let trouble):
            log.log(
                .notesUnreachable,
                [
                    "file": "\(trouble.path)", "owner": "\(trouble.owner ?? "unknown")",
                    "error": "\(trouble)",
                ])
        case .notTakenOver(let mailID, let error):
            log.log(
                .notTakenOver, ["mail": .int(mailID), "stage": "store", "error": "\(error)"])
        case .clockWasSet(let by): log.log(.clockSet, ["by": .duration(by)])
        case .idsBeganAnew(let newest): log.log(.idsBeganAnew, ["row": .int(newest)])
        case .idsUsedAgain(let rows): log.log(.idsUsedAgain, ["rows": .list(rows)])
        case .storeTrouble(let text): log.log(.databaseDown, ["error": "\(text)"])
        case .statementFault(let fault): note(fault)
        case .unrecorded(let mailID, let rows, let text):
            log.log(
                .mailUnrecorded,
                ["mail": .int(mailID), "rows": .list(rows), "stage": "store", "error": "\(text)"])
        case .moreFaults(let count, let text):
            log.log(
                .moreFaults, ["count": .int(count), "stage": "store", "error": "\(text)"])
        case .unwatched(let text): log.log(.commitsUnwatched, ["error": "\(text)"])
        case .storeRecovered: log.log(.databaseUp)
        case .pruned(let rows): log.log(.rowsPruned, ["count": .int(rows)])
        case .rowKept(let id, let text):
            log.log(.rowKept, ["row": .int(id), "stage": "store", "error": "\(text)"])
        case .restored(let restoration, let rows):
            log.log(.databaseRestored, Self.fields(restoration, rows))
        case .released: log.log(.databaseReleased)
        case .epochUnwritable(let text): log.log(.epochUnwritable, ["error": "\(text)"])
        case .waitingForLock(let waited, let holder):
            var fields: LogFields = ["waited": .duration(waited)]
            fields.append("holder", holder.map { "\($0)" })
            log.log(.databaseLocked, fields)
        case .ingested, .failedRow, .skipped, .attempted, .leaseLost, .relay, .relaySilent,
            .connectionsLimited, .reopened, .reopenedForRelay, .reopenedMails, .senderBlocked,
            .senderUnblocked, .actsThroughPauses, .waitsForHold, .chosen, .measured:
            break  // Told above, or by the command.
        }
    }

    private static func fields(
        _ restoration: OutboxView.Restoration, _ rows: Int?
    ) -> LogFields {
        var fields: LogFields = ["reason": "\(restoration.sign.rawValue)"]
        fields.append("count", rows.map { .int($0) })
        fields.append("last_sent", restoration.lastSentAt.map { .string(Timestamp.text($0)) })
        fields.append("remedy", .string(RestoreText.advice))
        return fields
    }

    private func note(_ fault: StatementFault) {
        var fields: LogFields = [:]
        let event: LogEvent
        switch fault.subject {
        case .mail(let id, let rows):
            event = .mailFault
            fields = ["mail": .int(id), "rows": .list(rows), "status": "deferred"]
        case .row(let id):
            event = .rowFault
            fields = ["row": .int(id), "status": "deferred"]
        case .helpdesk(let id):
            event = .helpdeskFault
            fields = ["helpdesk": "\(id)", "status": "deferred"]
        case .suppression(let address):
            event = .suppressionFault
            fields = ["address": "\(address)"]
        }
        fields.append("stage", "store")
        fields.append("error", .string(fault.text))
        log.log(event, fields)
    }

    private static func fields(_ error: DeliveryError?) -> LogFields {
        var fields: LogFields = [:]
        fields.append("stage", (error?.stage.rawValue).map { .string($0) })
        fields.append("code", error?.code.map { .int($0) })
        fields.append("dsn", (error?.enhanced?.description).map { .string($0) })
        fields.append("error", (error?.text).map { .string($0) })
        return fields
    }

    private func note(_ attempt: EngineEvent.Attempt) {
        switch attempt.outcome {
        case .sent: log.log(.mailSent, fields(attempt, status: "sent"))
        case .deferred: log.log(.mailDeferred, fields(attempt, status: "deferred"))
        case .failed: log.log(.mailFailed, fields(attempt, status: "bounced"))
        case .uncertain: log.log(.mailUncertain, fields(attempt, status: "uncertain"))
        case .returned: log.log(.mailReturned, fields(attempt, status: "returned"))
        case .faulty: log.log(.mailFaulty, fields(attempt, status: "deferred"))
        }
    }

    private func fields(_ attempt: EngineEvent.Attempt, status: String) -> LogFields {
        let delays = attempt.delays
        var fields: LogFields = [
            "mail": .int(attempt.mailID), "rows": .list(attempt.rows),
            "helpdesk": .string(attempt.helpdeskID),
            "to": .string("<\(attempt.recipient)>"), "relay": .string(attempt.relay ?? "none"),
            "delay": .string(Self.seconds(delays.total)),
            "delays": .string(
                Self.seconds([
                    delays.beforeClaim, delays.queued, delays.connecting, delays.transmitting,
                ])),
            "dsn": .string(Self.dsn(attempt)), "status": .string(status),
        ]
        if case .failed(let reason) = attempt.outcome {
            fields.append("reason", .string(reason.rawValue))
        }
        fields.append("stage", (attempt.error?.stage.rawValue).map { .string($0) })
        fields.append("code", (attempt.error?.code ?? attempt.reply?.code).map { .int($0) })
        fields.append("reply", (attempt.error?.text ?? attempt.reply?.text).map { .string($0) })
        fields.append("message_id", attempt.emailMessageID.map { .string($0) })
        fields.append("queue_id", queueID(attempt).map { .string($0) })
        if !attempt.traces.isEmpty {
            fields.append("traceparent", .words(attempt.traces.map(\.text)))
        }
        return fields
    }

    /// What the relay calls a mail that it took, where its reply tells: the way into its own log.
    private func queueID(_ attempt: EngineEvent.Attempt) -> String? {
        guard case .sent = attempt.outcome, let reply = attempt.reply else { return nil }
        let text = reply.text.utf8
        guard let code = reply.enhanced?.description.utf8, text.starts(with: code) else {
            return QueueID.find(in: reply.text)
        }
        return QueueID.find(in: text.dropFirst(code.count))
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
    static func seconds(_ duration: Duration) -> String { seconds([duration]) }

    /// The same of several, with `/` between them.
    private static func seconds(_ durations: [Duration]) -> String {
        var octets: [UInt8] = []
        octets.reserveCapacity(8 * durations.count)
        for (index, duration) in durations.enumerated() {
            if index > 0 { octets.append(UInt8(ascii: "/")) }
            append(max(0, duration.inMilliseconds), to: &octets)
        }
        return String(decoding: octets, as: UTF8.self)
    }

    /// Milliseconds, written in seconds.
    private static func append(_ milliseconds: Int64, to octets: inout [UInt8]) {
        let hundredths =
            milliseconds >= 100_000 ? milliseconds / 1_000 * 100 : (milliseconds + 5) / 10
        let (whole, fraction) = hundredths.quotientAndRemainder(dividingBy: 100)
        if whole < 10 {
            octets.append(0x30 + UInt8(whole))
        } else {
            octets += Array(String(whole).utf8)
        }
        guard fraction > 0 else { return }
        octets.append(UInt8(ascii: "."))
        octets.append(0x30 + UInt8(fraction / 10))
        if fraction % 10 > 0 { octets.append(0x30 + UInt8(fraction % 10)) }
    }
}
