internal import Delivery
internal import Engine
internal import Service
internal import Store

/// What `show` tells people: the row, its mail, and what was tried, in the order in which it happened.
struct StoryText {
    var story: OutboxView.Story
    var surroundings: StorySurroundings
    var now: WallTime

    private typealias Line = (label: String, text: String?)

    var text: String {
        let parts = [lines(rowLines), lines(mailLines + noteLines), events, next].filter {
            !$0.isEmpty
        }
        return "row \(story.row.id)\n" + parts.joined(separator: "\n")
    }

    private var time: TimeText { TimeText(now: now) }

    // MARK: The row

    private var rowLines: [Line] {
        let row = story.row
        return [
            ("state", row.stateInWords), ("last error", row.lastError?.line),
            ("helpdesk", row.helpdeskID),
            ("conversation", row.conversationID), ("message", row.messageID),
            ("audience", row.audience),
            ("to", row.recipientEmail), ("name", story.recipientName),
            ("author", story.authorName), ("subject", story.subject),
            ("body", "\(counted(story.bodyLength, "character")), not shown"),
            ("page", story.pageURL), ("unsubscribe", story.unsubscribeURL),
            ("in reply to", story.inReplyTo), ("locale", story.locale),
            ("created", time.full(row.createdAt)),
            ("not before", story.notBefore.map(time.full)), ("trace", story.traceparent),
            (dueLabel, time.full(row.dueAt) + (story.isInstant ? ", instant" : "")),
            ("cancelled", story.cancelledAt.map(time.full)), ("read", readText),
            ("first tried", story.firstAttemptAt.map(time.full)),
            ("sent", row.sentAt.map(time.full)),
            (row.state == .sent ? "" : "finished", row.finishedAt.map(time.full)),
        ].filter { !$0.label.isEmpty }
    }

    /// What is finished was due once.
    private var dueLabel: String {
        [.pending, .sending].contains(story.row.state) ? "due" : "was due"
    }

    private var readText: String? {
        guard let marker = story.readMarker else { return nil }
        let covers = ReadCheck.isRead(createdAt: story.row.createdAt, marker: marker, now: now)
        return "up to \(time.full(marker)): "
            + (covers ? "this reply was read" : "this reply was not read yet")
    }

    // MARK: The mail

    private var mailLines: [Line] {
        guard let mail = story.mail else {
            return [("mail", "none yet: no outboxd has taken the row in")]
        }
        return [
            ("mail", String(mail.id)), ("message id", story.row.emailMessageID),
            ("from", mail.sender), ("composed", mail.composedAt.map(time.full)),
            ("copies", mail.copies == 0 ? nil : "\(mail.copies) may have arrived unnoticed"),
            ("with", others(mail.otherRows)),
        ]
    }

    /// What of its row and helpdesk the mail can't use.
    private var noteLines: [Line] {
        MailFaults.of(story).map { ("note", $0) }
    }

    private func others(_ rows: [OutboxView.Row]) -> String? {
        guard !rows.isEmpty else { return nil }
        let shown = rows.prefix(20).map { "row \($0.id) (\($0.stateAndReason))" }
        let rest = rows.count > 20 ? ["and \(rows.count - 20) more"] : []
        return (shown + rest).joined(separator: ", ")
    }

    private func lines(_ lines: [Line]) -> String {
        lines.map { line in
            guard let text = line.text else { return "" }
            return "  \(line.label.padded(to: 14))\(Escaping.printable(text))\n"
        }.joined()
    }

    // MARK: What happened

    private var events: String {
        let lines = StoryEvents(story: story, now: now).events.map { event in
            let at = TimeText.moment(event.at).dropLast(4)
            return "    \(at)  \(Escaping.printable(event.text, limit: 2_000))\n"
        }
        return "  story (UTC)\n" + lines.joined()
    }

    private var next: String {
        let text = StoryNext(story: story, surroundings: surroundings, now: now).text
        return lines([("next", text)])
    }
}
