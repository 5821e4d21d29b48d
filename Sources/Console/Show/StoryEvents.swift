internal import Delivery
internal import Service
internal import Store

/// What happened to a row, in the order of time, a sentence each.
struct StoryEvents {
    let story: OutboxView.Story
    let now: WallTime

    struct Event {
        var at: WallTime
        var text: String
    }

    var events: [Event] {
        let before = [written, readMarker, cancelled].compactMap(\.self)
        // What outboxd notes of a row follows from an attempt of the same moment.
        let all = before + attempts + deeds + [ended].compactMap(\.self)
        // What is equally old stands in the order in which it follows from each other.
        return all.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
            .map(\.element)
    }

    private var row: OutboxView.Row { story.row }

    private var written: Event {
        let author = story.authorName.map { " by \($0)" } ?? ""
        let hold =
            story.notBefore.map { "not before \(moment($0))" }
            ?? (story.isInstant ? "instant, due at once" : held)
        return Event(at: row.createdAt, text: "written\(author); \(hold)")
    }

    /// The end of its own hold is known until it is put off.
    private var held: String {
        let isPutOff = row.state == .pending && row.reason != WaitReason.hold.rawValue
        return isPutOff || row.dueAt <= row.createdAt
            ? "held first" : "held until \(moment(row.dueAt))"
    }

    private var readMarker: Event? {
        guard let marker = story.readMarker, marker >= row.createdAt else { return nil }
        return Event(
            at: min(marker, now),
            text: "the recipient has read the conversation up to here (marker \(moment(marker)))")
    }

    /// What the API server wrote; an operator's is a deed.
    private var cancelled: Event? {
        guard let at = story.cancelledAt,
            !story.deeds.contains(where: { $0.at == at && $0.what == Deed.What.cancelled.rawValue })
        else { return nil }
        return Event(at: at, text: "cancelled by the API server")
    }

    private var deeds: [Event] {
        story.deeds.map { deed in
            let why = deed.why.map { ": \($0)" } ?? ""
            if deed.who == OperatorNote.outboxd.who { return Event(at: deed.at, text: deed.what) }
            guard let helpdesk = deed.helpdeskID else {
                return Event(at: deed.at, text: "\(deed.what) by \(deed.who)\(why)")
            }
            return Event(at: deed.at, text: Self.text(of: deed, helpdesk, why))
        }
    }

    private static func text(of deed: Deed, _ helpdesk: String, _ why: String) -> String {
        let subject = PauseText.subject(helpdesk.isEmpty ? nil : helpdesk)
        let place = helpdesk.isEmpty ? "any helpdesk" : subject
        switch Deed.What(rawValue: deed.what) {
        case .suppressed: return "mail of \(place) to it was suppressed by \(deed.who)\(why)"
        case .unsuppressed:
            return "mail of \(place) to it was allowed again by \(deed.who)\(why)"
        default: return "\(subject) was \(deed.what) by \(deed.who)\(why)"
        }
    }

    // MARK: Attempts

    private var attempts: [Event] {
        story.attempts.map { Event(at: $0.at, text: text(of: $0)) }
    }

    private func text(of attempt: OutboxView.Attempt) -> String {
        let others = attempt.rowIDs.filter { $0 != row.id }
        let with =
            others.isEmpty
            ? "" : " (with \(others.count == 1 ? "row" : "rows") \(Self.listed(others)))"
        let relay = attempt.relay.map { " through \($0)" } ?? ""
        let reply = OutboxView.Failure.line(
            stage: attempt.stage, code: attempt.code, enhanced: attempt.enhanced, text: attempt.text
        )
        let counts =
            attempt.isCounted || attempt.outcome == "returned" ? "" : "; no attempt is counted"
        return "mail \(attempt.mailID)\(with) \(outcome(attempt))\(Self.took(attempt))\(relay)"
            + (reply.isEmpty ? "" : ": \(reply)") + counts
    }

    /// ` in 80 ms, after 2 s in the queue and 120 ms of connecting`.
    private static func took(_ attempt: OutboxView.Attempt) -> String {
        func length(_ duration: Duration?) -> String? {
            duration.flatMap { $0 < .milliseconds(1) ? nil : TimeText.length($0) }
        }
        let before = [
            length(attempt.queued).map { "\($0) in the queue" },
            length(attempt.connecting).map { "\($0) of connecting" },
        ].compactMap(\.self)
        let took = length(attempt.duration).map { " in \($0)" } ?? ""
        return took + (before.isEmpty ? "" : ", after \(before.joined(separator: " and "))")
    }

    private func outcome(_ attempt: OutboxView.Attempt) -> String {
        switch attempt.outcome {
        case "sent": "was sent"
        case "deferred": "was put off"
        case "uncertain": "may have arrived or not"
        case "returned": "was not handed over, through no fault of its own"
        case "other relay": "was not taken by another relay (`drain --smtp-url`)"
        case "taken over": "was taken over from a process that had died or froze"
        default: "failed (\(attempt.outcome))"
        }
    }

    private static func listed(_ ids: [Int64]) -> String {
        ids.prefix(20).map(String.init).joined(separator: ", ") + (ids.count > 20 ? ", …" : "")
    }

    // MARK: The end

    private var ended: Event? {
        guard let at = row.finishedAt else { return nil }
        switch row.state {
        case .pending, .sending, .sent: return nil
        case .skipped: return Event(at: at, text: "skipped: \(skipText)")
        case .failed: return Event(at: at, text: "failed: \(failText)")
        }
    }

    private var skipText: String {
        switch row.reason.flatMap(SkipReason.init(rawValue:)) {
        case .read: "read in time" + (story.readMarker.map { " (marker \(moment($0)))" } ?? "")
        case .cancelled where row.isUncertain:
            "taken back; it may have arrived before, since it was uncertain"
        case .cancelled: "taken back before it was sent"
        case .suppressed: "the address gets no mail\(suppressionText)"
        case .stale: "too old when it would first have been sent"
        case nil: row.reason ?? "for no known reason"
        }
    }

    private var suppressionText: String {
        guard let entry = story.suppressions.first else { return "; the entry is gone by now" }
        let whose =
            entry.helpdeskID.isEmpty ? "from any helpdesk" : "from helpdesk \(entry.helpdeskID)"
        let until = entry.expiresAt.map { ", until \(moment($0))" } ?? ", for good"
        let option = entry.helpdeskID.isEmpty ? "" : " --helpdesk \(entry.helpdeskID)"
        return " \(whose): \(entry.reason), since \(moment(entry.createdAt))\(until); "
            + "`outboxd suppress remove \(entry.address)\(option)` ends it"
    }

    private var failText: String {
        // The attempt has said it.
        let error = story.attempts.isEmpty ? row.lastError.map { ": \($0.line)" } ?? "" : ""
        return switch row.reason.flatMap(FailReason.init(rawValue:)) {
        case .rejected: "refused for good\(error)"
        case .expired: "tried for too long\(error)"
        case .unsupported: "the relay can't take it\(error)"
        case .invalidAddress, .invalidRow, nil: "\(row.reason ?? "failed")\(error)"
        }
    }

    private func moment(_ time: WallTime) -> String { TimeText.moment(time) }
}
