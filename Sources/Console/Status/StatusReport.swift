internal import Delivery
internal import Engine
internal import Store

/// What `status` has to say, at one moment.
struct StatusReport {
    var now: WallTime
    var database: String
    /// nil if there is room.
    var fullDisk: String?
    var numbers: OutboxView.Numbers
    var relay: RelayStatus
    var pauses: [OutboxView.Pause]
    /// nil if the database was not restored.
    var restoration: OutboxView.Restoration?
    var blockedSenders: [OutboxView.BlockedSender]
    /// What SQL statements fail for.
    var faults: OutboxView.Faults
    /// Of outboxd, that work on the database.
    var processes: LiveProcesses

    /// As `status --json` prints it.
    var json: JSON {
        let headline = StatusHeadline(report: self)
        return .object([
            "healthy": .bool(headline.trouble == nil), "headline": .string(headline.text),
            "at": JSON(now), "database": .string(database),
            "counts": .members(
                RowState.allCases.map {
                    JSON.Member($0.name, JSON(numbers.counts[$0, default: 0]))
                }),
            "waiting": .members(
                WaitReason.allCases.compactMap { reason in
                    numbers.waiting[reason].map { JSON.Member(reason.rawValue, JSON($0)) }
                }),
            "estimated": .bool(numbers.isEstimate),
            "ended": .members(
                numbers.ended.sorted { $0.key < $1.key }.map { JSON.Member($0.key, JSON($0.value)) }
            ),
            "pruned": .members(
                RowState.ended.map { JSON.Member($0.name, JSON(numbers.pruned[$0, default: 0])) }),
            "kept": .object([
                "rows": JSON(numbers.kept), "error": JSON(numbers.keptText),
            ]),
            "oldest_due_at": JSON(numbers.oldestDueAt),
            "rate": .object([
                "last_minute": JSON(numbers.mailsInLastMinute),
                "last_five_minutes": JSON(numbers.mailsInLastFiveMinutes),
                "last_hour": JSON(numbers.mailsInLastHour),
            ]),
            "backlog_seconds": JSON(backlog.map { Int($0.inMilliseconds / 1_000) }),
            "held_mails": JSON(numbers.heldMails),
            "blocked_senders": .array(blockedSenders.map(\.json)),
            "faults": .array(faults.entries.map(\.json)),
            "relay": .object([
                "state": .string(relay.state.rawValue), "since": JSON(relay.since),
                "error": relay.error?.json ?? .null, "tried_at": JSON(relay.triedAt),
                "next_probe_at": JSON(relay.nextProbeAt),
            ]),
            "paused": .array(pauses.map(\.json)),
            "restored": restoration?.json ?? .null,
            "saved": .object([
                "by_read": JSON(numbers.savedByRead),
                "by_combining": JSON(numbers.savedByCombining),
            ]),
            "processes": .object([
                "live": JSON(processes.count),
                "unreadable": .array(processes.unreadable.map(\.json)),
            ]),
        ])
    }
}

extension OutboxView.Restoration {
    fileprivate var json: JSON {
        .object([
            "since": JSON(since), "sign": .string(sign.rawValue), "last_sent_at": JSON(lastSentAt),
        ])
    }
}

extension OutboxView.Pause {
    fileprivate var json: JSON {
        .object([
            "helpdesk_id": JSON(helpdeskID), "by": .string(author.rawValue), "since": JSON(since),
            "who": JSON(who), "why": JSON(why),
        ])
    }
}

extension DeliveryError {
    fileprivate var json: JSON {
        .object([
            "stage": .string(stage.rawValue), "code": JSON(code),
            "enhanced": JSON(enhanced?.description), "text": .string(text),
        ])
    }
}

extension StatusReport {
    /// How long what is due will take at the better pace of the last minute and the last five; nil if nothing is
    /// due or goes.
    var backlog: Duration? {
        let due = numbers.waiting[.queued, default: 0] + numbers.waiting[.relay, default: 0]
        let perFiveMinutes = max(numbers.mailsInLastMinute * 5, numbers.mailsInLastFiveMinutes)
        guard due > 0, perFiveMinutes > 0, relay.state != .down, processes.count > 0 else {
            return nil
        }
        return .milliseconds(Int64(due) * 300_000 / Int64(perFiveMinutes))
    }
}

extension OutboxView.BlockedSender {
    fileprivate var json: JSON {
        .object([
            "address": .string(address), "since": JSON(since), "probe_at": JSON(probeAt),
            "error": JSON(error),
        ])
    }
}

extension OutboxView.Faults.Entry {
    fileprivate var json: JSON {
        .object([
            "subject": .string(subject), "count": JSON(count), "error": .string(text),
        ])
    }
}
