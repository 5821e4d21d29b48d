internal import Delivery
internal import Store

/// Whether mail moves, or none is due; else the cause.
///
/// Pure. The first line that fits holds.
///
/// | the database | mail is due | | verdict |
/// |---|---|---|---|
/// | can't be read, its disk is full, or it lacks a table of the API server's | | | `database` |
/// | was restored from an older state, and everything is held | | | `restored` |
/// | | | mails are under way for 30 s and none was accepted since | `silent` |
/// | | none | no outboxd runs, and one has left mail that it was sending | `no_process` |
/// | | none, but some is under way | the relay is down: it is being probed | `relay` |
/// | | none | | healthy, whatever else |
/// | | some | everything is paused | `paused` |
/// | | some | no outboxd runs | `no_process` |
/// | | some | the relay is down | `relay` |
/// | | for 5 min | nothing was claimed for 5 min | `stuck` |
/// | | some | | healthy |
///
/// Healthy says how far that is true: no mail is due, mail is being sent, or the relay has not answered for some
/// seconds, which may still be its way.
///
/// A pause alone is no ill health: somebody wanted it, and where nothing is due nobody waits. Of one helpdesk
/// it is not, either, nor is a sender that the relay refuses: the others' mail moves, and what watches the
/// whole would be of no use to them.
struct HealthVerdict: Equatable {
    enum Cause: String {
        case database, paused, relay, stuck
        case noProcess = "no_process"
        case silent, restored

        /// Starting outboxd anew may help: it can mend neither relay nor database, and ends no pause.
        var mayPassWithRestart: Bool {
            switch self {
            case .noProcess, .stuck: true
            case .database, .paused, .relay, .silent, .restored: false
            }
        }
    }

    /// nil: healthy.
    var cause: Cause?
    /// A line.
    var text: String

    /// A mail that is due for longer, and nobody claims one, does not move.
    static let patience: Duration = .seconds(300)

    init(_ health: OutboxView.Health, processes: Int, now: WallTime) {
        let time = TimeText(now: now)
        if let table = health.missingTable {
            self.init(.database, "there is no table \(table): no mail can go out until it is back")
            return
        }
        if let restoration = health.restoration {
            self.init(
                .restored,
                "\(RestoreText.held(restoration, time)); `\(RestoreText.end)` lets it go")
            return
        }
        if let since = health.silentSince, processes > 0, health.pausedSince == nil {
            self.init(.silent, Self.silence(health.relay, for: now - since))
            return
        }
        let left = processes == 0 ? health.lastClaimAt : nil
        guard let due = health.dueSince ?? left else {
            if health.relay.state == .down, health.lastClaimAt != nil, health.pausedSince == nil {
                self.init(
                    .relay,
                    "\(Self.down(health.relay, time)); it is being tried with mail that is due")
                return
            }
            self.init(
                nil,
                Self.unanswered(health)
                    ?? (health.lastClaimAt == nil
                        ? "healthy: no mail is due" : "healthy: mail is being sent"))
            return
        }
        let waits = "mail is due since \(time.short(due))"
        if let since = health.pausedSince {
            self.init(
                .paused,
                "everything is paused since \(time.short(since)), and \(waits); `outboxd resume` "
                    + "lets it go")
        } else if processes == 0 {
            self.init(
                .noProcess,
                "no outboxd is running, and \(waits); start `outboxd run`, or send it with "
                    + "`outboxd drain`")
        } else if health.relay.state == .down {
            self.init(.relay, "\(Self.down(health.relay, time)); \(waits)")
        } else if now - due > Self.patience, !Self.moves(health, now) {
            self.init(
                .stuck,
                "\(waits), and no outboxd has taken any up for "
                    + "\(TimeText.length(Self.patience)); `outboxd status` and the log say more")
        } else {
            self.init(nil, Self.unanswered(health) ?? "healthy: mail moves")
        }
    }

    private static func down(_ relay: RelayStatus, _ time: TimeText) -> String {
        let since = relay.since.map { " since \(time.short($0))" } ?? ""
        return "the relay is down\(since)\(relay.error.map { ": \($0.line)" } ?? "")"
    }

    /// An error of a relay that is not down says what it is silent about; nil if nothing is under way.
    private static func unanswered(_ health: OutboxView.Health) -> String? {
        guard health.relay.state != .down, health.lastClaimAt != nil, let error = health.relay.error
        else { return nil }
        return "healthy so far, but \(RelayText.silent(error))"
    }

    private static func silence(_ relay: RelayStatus, for length: Duration) -> String {
        let length = TimeText.length(length)
        guard relay.state != .down, let error = relay.error else {
            return "the relay has accepted none of the mails under way for \(length)"
        }
        return "\(RelayText.silent(error)); none was accepted for \(length)"
    }

    init(databaseFault text: String) {
        self.init(.database, text)
    }

    private init(_ cause: Cause?, _ text: String) {
        self.cause = cause
        self.text = text
    }

    private static func moves(_ health: OutboxView.Health, _ now: WallTime) -> Bool {
        health.lastClaimAt.map { now - $0 <= Self.patience } ?? false
    }
}
