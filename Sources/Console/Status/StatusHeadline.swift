internal import Delivery
internal import Engine
internal import Service
internal import Store

/// The first line of `status`: `healthy`, or the one thing that is wrong, in words.
///
/// The first of these that fits; what else is wrong stands below it.
///
/// | | example |
/// |---|---|
/// | the disk is full | `the disk of /var/lib/outboxd is full (0 KiB free): nothing is sent until there is room` |
/// | the database was restored | `the database was restored from an older state, noticed at 03:12 UTC: everything is held, since some of it may have been sent; 12 rows would go out` |
/// | no process lives | `no outboxd is running; 12 rows are due and nobody sends them` |
/// | an operator paused everything | `paused by root since 03:12 UTC: relay migration` |
/// | the relay is down | `the relay is down since 01:12 UTC (2 h): connect: connection refused; tried next in 24 s` |
/// | the relay took a connection or a command and says nothing for 10 s | `the relay does not answer: greeting: mx.example:25 sent no greeting reply for 10 s` |
/// | mails are under way for 30 s, and none was accepted since | `the relay has accepted none of the mails under way for 46 s` |
/// | mail is due for 5 min and none was sent for as long | `mail is due since 03:05 UTC and none was sent for 5 min` |
/// | another process's notes can't be read | `another outboxd's notes are out of reach` |
/// | a statement fails for some | `an SQL statement fails for 3 mails` |
/// | the relay refuses senders | `the relay refuses mail from support@acme.example` |
/// | mail is due and has no sender that can be used | `3 rows are due and have no sender that can be used` |
/// | mail is held as uncertain | `2 mails may have arrived or not` |
/// | helpdesks are paused | `helpdesk acme is paused by alice` |
struct StatusHeadline {
    let report: StatusReport

    /// Due for longer, with nothing sent, it does not move.
    static let patience: Duration = .seconds(300)

    private var time: TimeText { TimeText(now: report.now) }

    /// nil: healthy.
    var trouble: String? {
        let moves: String? =
            report.fullDisk ?? restored ?? nobodyRuns ?? paused ?? relayDown ?? unanswered ?? silent
            ?? stuck
        return moves ?? notes ?? faults ?? senders ?? senderless ?? held ?? helpdesks
    }

    var text: String { trouble ?? "healthy" }

    /// Pending rows that are due and would go out.
    private var due: Int {
        let waiting = report.numbers.waiting
        // What a dead process has left behind, too, where nobody runs.
        let left = report.processes.count == 0 ? report.numbers.counts[.sending, default: 0] : 0
        return waiting[.queued, default: 0] + waiting[.relay, default: 0] + left
    }

    private var restored: String? {
        report.restoration.map { restoration in
            let rows = report.numbers.waiting[.restored, default: 0]
            let text = RestoreText.rows(rows, isEstimate: report.numbers.isEstimate)
            return "\(RestoreText.held(restoration, time)); \(text)"
        }
    }

    private var nobodyRuns: String? {
        guard report.processes.mostCount == 0 else { return nil }
        guard due > 0 else { return "no outboxd is running" }
        let about = report.numbers.isEstimate ? "about " : ""
        return due == 1
            ? "no outboxd is running; \(about)1 row is due and nobody sends it"
            : "no outboxd is running; \(about)\(due) rows are due and nobody sends them"
    }

    private var paused: String? {
        let pause = report.pauses.first { $0.helpdeskID == nil && $0.author == .operator }
        return pause.map { "paused \(PauseText.detail($0, time))" }
    }

    /// An error of a relay that is not down is what it is silent about.
    private var unanswered: String? {
        // Nothing is under way any more if the process has died meanwhile.
        guard report.relay.state != .down, report.numbers.sendingSince != nil,
            let error = report.relay.error
        else { return nil }
        return RelayText.silent(error)
            + (noneAccepted.map { "; none was accepted for \($0)" } ?? "")
    }

    private var relayDown: String? {
        guard report.relay.state == .down else { return nil }
        return "the relay is \(RelayText.down(report.relay, time))"
    }

    private var silent: String? {
        noneAccepted.map { "the relay has accepted none of the mails under way for \($0)" }
    }

    /// For how long, where that is long.
    private var noneAccepted: String? {
        let numbers = report.numbers
        let since = OutboxView.silentSince(
            sendingSince: numbers.sendingSince, lastSentAt: numbers.lastSentAt, now: report.now)
        return since.map { TimeText.length(report.now - $0) }
    }

    private var stuck: String? {
        guard report.numbers.waiting[.queued, default: 0] > 0,
            let oldest = report.numbers.oldestDueAt, report.now - oldest > Self.patience,
            report.numbers.mailsInLastFiveMinutes == 0, report.relay.state != .down
        else { return nil }
        return "mail is due since \(time.short(oldest)) and none was sent for "
            + TimeText.length(Self.patience)
    }

    private var notes: String? {
        report.processes.unreadable.isEmpty ? nil : "another outboxd's notes are out of reach"
    }

    private var faults: String? {
        guard !report.faults.entries.isEmpty else { return nil }
        let count = report.faults.entries.reduce(0) { $0 + $1.count }
        return
            "an SQL statement fails for \(counted(count, "mail")); `outboxd check` names the table"
    }

    private var senders: String? {
        guard let first = report.blockedSenders.first else { return nil }
        let more = report.blockedSenders.count - 1
        return "the relay refuses mail from \(first.address)"
            + (more > 0 ? " and \(counted(more, "other sender"))" : "")
    }

    /// None is refused: their helpdesks have no entry, or no address that can be used.
    private var senderless: String? {
        guard let rows = report.numbers.waiting[.sender], rows > 0 else { return nil }
        let verb = rows == 1 ? "is due and has" : "are due and have"
        return "\(counted(rows, "row")) \(verb) no sender that can be used: "
            + "the helpdesk needs a from_address, or OUTBOXD_FROM must be set"
    }

    private var held: String? {
        guard report.numbers.heldMails > 0 else { return nil }
        return "\(counted(report.numbers.heldMails, "mail")) may have arrived or not; "
            + "`outboxd resolve` settles them"
    }

    private var helpdesks: String? {
        guard let first = report.pauses.first else { return nil }
        let more = report.pauses.count - 1
        return "\(PauseText.subject(first.helpdeskID)) is paused \(PauseText.detail(first, time))"
            + (more > 0 ? ", and \(counted(more, "other"))" : "")
    }
}
