internal import Delivery
internal import Service
internal import Store

/// What `systemctl status` shows of a running service: the relay, what waits, what is paused.
///
/// Pure. Examples:
///
/// - `relay.example:587 works; nothing waits`
/// - `relay.example:587 is down since 01:12 UTC (2 h): connect: refused; tried next in 24 s; 1204 rows
///   wait, the first since 01:13 UTC; paused: everything`
struct ServiceStatus {
    /// `host:port`.
    var relayName: String
    var relay: RelayStatus
    var numbers: OutboxView.Numbers
    var pauses: [OutboxView.Pause]
    var isRestored = false
    var now: WallTime

    /// More are counted.
    private static let shownPauses = 3

    var text: String {
        ([relayText, backlog] + [restored, paused].compactMap(\.self)).joined(separator: "; ")
    }

    private var time: TimeText { TimeText(now: now) }

    private var relayText: String {
        switch relay.state {
        case .up: "\(relayName) works"
        case .down: "\(relayName) is \(RelayText.down(relay, time))"
        case .unknown: "sending to \(relayName)"
        }
    }

    private var backlog: String {
        let waiting = numbers.waiting.values.reduce(0, +)
        guard waiting > 0 else { return "nothing waits" }
        let text = waiting == 1 ? "1 row waits" : "\(waiting) rows wait"
        guard let oldest = numbers.oldestDueAt, oldest <= now else { return text }
        return "\(text), due since \(time.short(oldest))"
    }

    private var restored: String? {
        isRestored ? "held: the database was restored (`\(RestoreText.end)`)" : nil
    }

    private var paused: String? {
        guard !pauses.isEmpty else { return nil }
        let names = pauses.prefix(Self.shownPauses).map { PauseText.subject($0.helpdeskID) }
        let more = pauses.count - names.count
        return "paused: \(names.joined(separator: ", "))" + (more > 0 ? " and \(more) more" : "")
    }
}
