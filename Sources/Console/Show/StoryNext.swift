internal import Delivery
internal import Service
internal import Store

/// What happens next to a row, in a sentence.
///
/// | the row | example |
/// |---|---|
/// | on hold | `it is sent in 42 s, unless it is read before` |
/// | due, and nobody runs | `nothing: no outboxd is running` |
/// | due | `it is next in its turn` |
/// | deferred | `it is tried again in 3 min, and expires 2026-12-01 03:13:02 UTC` |
/// | paused | `it waits: everything is paused by root since 03:12 UTC` |
/// | the relay is down | `it waits for the relay, which is tried next in 24 s` |
/// | its sender is refused | `it waits: the relay refuses support@acme.example, tried next in 2 min` |
/// | held as uncertain | `it waits for somebody to say what became of it: …` |
/// | being sent | `the relay is being asked` |
/// | the same, and nobody runs | `its process has died: …` |
/// | cancelled, read or suppressed, and not skipped yet | `nothing: it was cancelled, and is skipped when it comes up` |
/// | ended | `nothing: it has ended`, and what can be done |
struct StoryNext {
    let story: OutboxView.Story
    let surroundings: StorySurroundings
    let now: WallTime

    private var time: TimeText { TimeText(now: now) }
    private var row: OutboxView.Row { story.row }

    var text: String {
        switch row.state {
        case .sent: "nothing: the relay has it"
        case .skipped: "nothing" + retryAdvice
        case .failed where row.isInvalid:
            "nothing, unless it is corrected in the table outbox, and `outboxd retry \(row.id)` sends it then"
        case .failed: "nothing, unless `outboxd retry \(row.id)` sends it again"
        case .sending where !surroundings.isRunning:
            "its process has died: the next outboxd that runs takes it over"
        case .sending: "the relay is being asked just now"
        case .pending: skippedSoon ?? pending + expiry
        }
    }

    /// Why nothing will be sent; what is held as uncertain needs somebody's word all the same.
    private var skippedSoon: String? {
        guard row.reason != WaitReason.uncertain.rawValue else { return nil }
        let marker = story.readMarker.map { min($0, now) }
        let why: String
        if story.cancelledAt != nil {
            why = "it was cancelled"
        } else if let marker, marker >= row.createdAt {
            why = "its recipient has read it"
        } else if !story.suppressions.isEmpty {
            why = "its address gets no mail (`outboxd suppress list`)"
        } else {
            return nil
        }
        return "nothing: \(why), and it is skipped when it comes up"
    }

    private var retryAdvice: String {
        switch row.reason.flatMap(SkipReason.init(rawValue:)) {
        case .suppressed, .stale: "; `outboxd retry \(row.id)` has it looked at again"
        case .read, .cancelled, nil: ": it is over"
        }
    }

    private var pending: String {
        switch row.reason.flatMap(WaitReason.init(rawValue:)) {
        case .hold: "it is sent \(time.relative(row.dueAt)), unless it is read before" + nobody
        case .queued where !surroundings.isRunning:
            "nothing: no outboxd is running; `outboxd run` or `outboxd drain` sends it"
        case .queued: "it is next in its turn"
        case .deferred: deferred + nobody
        case .paused: "it waits: \(pauses)"
        case .restored:
            "it waits: the database was restored from an older state, and the row may have been sent since; "
                + "`outboxd cancel \(row.id)` takes it back, `\(RestoreText.end)` lets everything go"
        case .relay:
            "it waits for the relay, which is \(RelayText.down(surroundings.relay, time))" + nobody
        case .sender: "it waits: \(sender)" + nobody
        case .uncertain:
            "it waits until somebody says what became of it: `outboxd resolve \(row.id) --sent` or `--resend`"
        case nil: "it waits"
        }
    }

    private var deferred: String {
        row.dueAt > now
            ? "it is tried again \(time.relative(row.dueAt))" : "it is tried again in its turn"
    }

    private var nobody: String { surroundings.isRunning ? "" : ", once an outboxd runs" }

    private var pauses: String {
        let holding = surroundings.pauses.filter {
            $0.helpdeskID == nil || $0.helpdeskID == row.helpdeskID
        }
        return holding.map {
            "\(PauseText.subject($0.helpdeskID)) is paused \(PauseText.detail($0, time))"
        }.joined(separator: ", and ")
    }

    private var sender: String {
        let blocked = surroundings.blockedSenders.first { $0.address == story.mail?.sender }
        guard let blocked else { return "it has no usable From address" }
        let next = blocked.probeAt.map { ", tried next \(time.relative($0))" } ?? ""
        return "the relay refuses \(blocked.address)\(next)"
    }

    /// Only what was tried ages, and only while the relay works.
    private var expiry: String {
        guard let first = story.firstAttemptAt else { return "" }
        let end = first + surroundings.expireAfter
        // Time in which it was paused, or the relay down, does not count.
        guard end > now else { return "" }
        return "; it expires \(time.full(end)) at the earliest"
    }
}

/// What a row's future depends on besides itself.
struct StorySurroundings {
    var isRunning: Bool
    var relay: RelayStatus
    var pauses: [OutboxView.Pause]
    var blockedSenders: [OutboxView.BlockedSender]
    var expireAfter: Duration
}
