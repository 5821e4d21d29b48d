internal import Delivery
internal import Engine
internal import Store

/// What `status` has to say, at one moment.
struct StatusReport {
    var now: WallTime
    var database: String
    var numbers: OutboxView.Numbers
    var relay: RelayStatus
    var pauses: [OutboxView.Pause]
    var blockedSenders: [OutboxView.BlockedSender]
    /// Of outboxd, that work on the database.
    var processes: LiveProcesses

    /// As `status --json` prints it.
    var json: JSON {
        .object([
            "counts": .members(
                RowState.allCases.map {
                    JSON.Member($0.name, JSON(numbers.counts[$0, default: 0]))
                }),
            "waiting": .members(
                WaitReason.allCases.compactMap { reason in
                    numbers.waiting[reason].map { JSON.Member(reason.rawValue, JSON($0)) }
                }),
            "oldest_due_at": JSON(numbers.oldestDueAt),
            "relay": .object([
                "state": .string(relay.state.rawValue), "since": JSON(relay.since),
                "error": relay.error?.json ?? .null,
            ]),
            "paused": .array(pauses.map(\.json)),
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

extension OutboxView.Pause {
    fileprivate var json: JSON {
        .object([
            "helpdesk_id": JSON(helpdeskID), "by": .string(author.rawValue), "since": JSON(since),
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
