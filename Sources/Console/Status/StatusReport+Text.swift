internal import Delivery
internal import Engine
internal import Service
internal import Store

/// For people: the numbers first, then in plain words what holds mail up and what to do about it.
extension StatusReport {
    func text(_ style: Style) -> String {
        let headline = StatusHeadline(report: self)
        let first = style(
            Escaping.printable(headline.text, limit: 2_000),
            headline.trouble == nil ? .green : .red)
        let place = style("\(Escaping.printable(database)) at \(TimeText.moment(now))", .dim)
        return first + "\n" + place + "\n\n" + counts + "\n" + details
    }

    private var time: TimeText { TimeText(now: now) }

    private var counts: String {
        var table = Table([
            .init(title: "STATE"), .init(title: "ROWS", isNumber: true), .init(title: ""),
        ])
        for state in RowState.allCases {
            let number = numbers.counts[state, default: 0]
            table.add([state.name, String(number), remark(state, number)])
        }
        return table.text(width: nil)
    }

    private func remark(_ state: RowState, _ number: Int) -> String {
        switch state {
        case .pending:
            let reasons = WaitReason.allCases.compactMap { reason in
                numbers.waiting[reason].map { "\($0) \(reason.rawValue)" }
            }
            let due = numbers.oldestDueAt.map { "the oldest due since \(time.short($0))" }
            let estimate = numbers.isEstimate ? "about " : ""
            return estimate + (reasons + [due].compactMap(\.self)).joined(separator: ", ")
        case .skipped:
            return [ended(SkipReason.allCases.map(\.rawValue)), pruned(state)].compactMap(\.self)
                .filter { !$0.isEmpty }.joined(separator: "; ")
        case .failed where number > 0:
            return ended(FailReason.allCases.map(\.rawValue))
                + "; `outboxd list --state failed` shows them"
                + (pruned(state).map { ", but for \($0)" } ?? "")
        default: return pruned(state) ?? ""
        }
    }

    private func pruned(_ state: RowState) -> String? {
        numbers.pruned[state].map { "\($0) of them pruned by now" }
    }

    private func ended(_ reasons: [String]) -> String {
        reasons.compactMap { reason in numbers.ended[reason].map { "\($0) \(reason)" } }
            .joined(separator: ", ")
    }

    /// Two columns without a title.
    private var details: String {
        let lines =
            [("relay", relayText)] + restored + pauses.map { ("paused", pauseText($0)) }
            + blockedSenders.map { ("sender", senderText($0)) } + held
            + faults.entries.map { ("fault", faultText($0)) } + kept + [
                ("rate", rate), ("saved", saved), ("process", process),
            ]
            + processes.unreadable.map { ("notes", "\($0)") }
        return lines.map { $0.padded(to: 9) + Escaping.printable($1) + "\n" }.joined()
    }

    private var relayText: String {
        switch relay.state {
        case .up: return "up" + RelayText.since(relay, time) + silence
        case .unknown: return "unknown: nothing was accepted yet" + silence
        case .down:
            return "\(RelayText.down(relay, time)); mail waits and none fails for it; "
                + "`outboxd check` says more, `outboxd probe` tries it now"
        }
    }

    /// An error of a relay that is not down says what it is silent about.
    private var silence: String {
        guard numbers.sendingSince != nil, let error = relay.error else { return "" }
        return "; \(error.line); it is waited for"
    }

    private var restored: [(String, String)] {
        guard let restoration else { return [] }
        let text = [
            RestoreText.sign(restoration.sign), RestoreText.lastSent(restoration, time),
            RestoreText.advice,
        ]
        return [("restored", text.joined(separator: "; "))]
    }

    private func pauseText(_ pause: OutboxView.Pause) -> String {
        let what = PauseText.subject(pause.helpdeskID)
        let detail = PauseText.detail(pause, time)
        let end = "; `\(PauseText.end(pause.helpdeskID))` ends it"
        return "\(what), \(detail)" + (pause.author == .operator ? end : "")
    }

    private func senderText(_ sender: OutboxView.BlockedSender) -> String {
        let error = sender.error.map { ": \($0)" } ?? ""
        let probe = sender.probeAt.map { "; tried again \(time.relative($0))" } ?? ""
        return "\(sender.address) is refused by the relay since \(time.short(sender.since))"
            + "\(error)\(probe)"
    }

    private func faultText(_ fault: OutboxView.Faults.Entry) -> String {
        "a statement fails for \(counted(fault.count, fault.subject)): \(fault.text)"
    }

    private var held: [(String, String)] {
        guard numbers.heldMails > 0 else { return [] }
        let mails = counted(numbers.heldMails, "mail")
        let text =
            "\(mails) may have arrived or not; `outboxd list --reason uncertain` shows the rows, "
            + "`outboxd resolve ID --sent` or `--resend` settles them"
        return [("held", text)]
    }

    private var kept: [(String, String)] {
        guard numbers.kept > 0 else { return [] }
        let rows = numbers.kept == 1 ? "row is" : "rows are"
        return [
            (
                "kept",
                "\(numbers.kept) \(rows) old enough to be pruned and can't be deleted: "
                    + (numbers.keptText ?? "")
            )
        ]
    }

    private var rate: String {
        "\(counted(numbers.mailsInLastMinute, "mail")) in the last minute, "
            + "\(numbers.mailsInLastFiveMinutes) in the last 5 minutes, "
            + "\(numbers.mailsInLastHour) in the last hour"
            + (backlog.map { "; what is due takes about \(TimeText.length($0))" } ?? "")
    }

    private var saved: String {
        "\(counted(numbers.savedByRead + numbers.savedByCombining, "mail")): "
            + "\(numbers.savedByRead) read in time, \(numbers.savedByCombining) combined"
    }

    private var process: String {
        switch processes.count {
        case 0: "no outboxd works on this database: `outboxd run` or `outboxd drain` sends"
        case 1: "1 outboxd works on this database"
        default: "\(processes.count) outboxd work on this database"
        }
    }
}

extension DeliveryError {
    /// Such as `auth: 535 5.7.8 authentication failed`.
    var line: String {
        OutboxView.Failure.line(
            stage: stage.rawValue, code: code, enhanced: enhanced?.description, text: text)
    }
}
