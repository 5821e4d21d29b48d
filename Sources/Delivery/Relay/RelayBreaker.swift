/// Whether mail may go to the relay, and how many side by side (Contract.md,
/// "The relay's own trouble").
///
/// Whoever starts an attempt (a mail, or a connection for it) asks ``allowance(at:)``, calls
/// ``started(at:)`` and hands the ``Epoch`` back with the result. An epoch ends when the breaker opens,
/// when a probe fails and when the settings change; a result from an earlier one is about the relay as
/// it was and changes nothing. So ten connections that fail at one moment are one trouble.
///
/// | state | event | becomes |
/// |---|---|---|
/// | closed, window w | started | the same |
/// | closed, window w | succeeded | closed, up, window min(2 × w, limit) |
/// | closed, window w | troubled | open, down, first wait of its kind |
/// | closed, window w | released | the same |
/// | closed, window w | settings changed | closed, unknown, window 1 |
/// | closed, window w | limit changed | closed, the same, window min(w, limit); the whole one stays whole |
/// | open | started before the probe's time | the same |
/// | open | started at the probe's time or later | probing |
/// | open | succeeded | closed, up, window min(2, limit) |
/// | open | troubled, released | the same |
/// | open | hastened | open, probe at once |
/// | open | settings changed | open, probe at once, waits from their beginning |
/// | probing | started | the same |
/// | probing | succeeded | closed, up, window min(2, limit) |
/// | probing | troubled | open, next wait of its kind |
/// | probing | released | open, probe again in a second |
/// | probing | settings changed | open, probe at once, waits from their beginning |
/// | open, probing | limit changed | the same |
/// | any | a result from an earlier epoch | the same |
///
/// It begins closed, unknown, with the whole window: the slow start belongs to what follows an outage. A
/// first dialogue that hangs would otherwise hold up all mail until its timeout.
/// Which mail is the probe is the caller's choice: not always the same one.
package struct RelayBreaker: Hashable, Sendable {
    /// A stretch of time in which results are about one and the same relay.
    package struct Epoch: Hashable, Comparable, Sendable {
        fileprivate var number = 0

        package static func < (one: Epoch, other: Epoch) -> Bool { one.number < other.number }
    }

    private enum Phase: Hashable {
        case closed(window: Int, isProven: Bool)
        case open(RelayDowntime)
        case probing(RelayDowntime)
    }

    /// The most attempts side by side: `OUTBOXD_SMTP_CONNECTIONS`.
    package private(set) var limit: Int
    /// The present epoch.
    package private(set) var epoch = Epoch()
    /// When ``state`` became what it is.
    package private(set) var since: SteadyTime
    private var phase: Phase

    /// - Parameter limit: At least 1; less counts as 1.
    package init(limit: Int, at now: SteadyTime) {
        self.limit = max(limit, 1)
        since = now
        phase = .closed(window: self.limit, isProven: false)
    }

    /// An attempt starts; the answer goes with it and comes back with its result.
    package mutating func started(at now: SteadyTime) -> Epoch {
        if case .open(let downtime) = phase, now >= downtime.nextProbeAt {
            phase = .probing(downtime)
        }
        return epoch
    }

    /// The relay accepted a mail, or gave a reply about it: it works.
    package mutating func succeeded(at now: SteadyTime, in epoch: Epoch) {
        guard epoch == self.epoch else { return }
        var window = 1
        if case .closed(let grown, isProven: let isProven) = phase {
            window = grown
            if !isProven { since = now }
        } else {
            since = now
        }
        phase = .closed(window: window > limit / 2 ? limit : 2 * window, isProven: true)
    }

    /// The relay, or the way to it, is in trouble.
    package mutating func troubled(
        _ trouble: RelayTrouble, at now: SteadyTime, in epoch: Epoch
    ) {
        guard epoch == self.epoch else { return }
        switch phase {
        case .closed:
            phase = .open(RelayDowntime(trouble, at: now))
            since = now
        case .probing(var downtime):
            downtime.note(trouble, at: now)
            phase = .open(downtime)
        case .open:
            return
        }
        self.epoch.number += 1
    }

    /// The attempt ended and said nothing about the relay.
    package mutating func released(at now: SteadyTime, in epoch: Epoch) {
        guard epoch == self.epoch, case .probing(var downtime) = phase else { return }
        downtime.probeReleased(at: now)
        phase = .open(downtime)
    }

    /// A mail has come that has no part in what the relay is taken for down for.
    package mutating func hasten(at now: SteadyTime) {
        guard case .open(var downtime) = phase else { return }
        downtime.hasten(at: now)
        phase = .open(downtime)
    }

    /// `OUTBOXD_SMTP_CONNECTIONS` is another, and nothing else: what is known of the relay still holds.
    package mutating func limitChanged(to limit: Int) {
        let before = self.limit
        self.limit = max(limit, 1)
        guard case .closed(let window, isProven: let isProven) = phase else { return }
        let wasWhole = window >= before
        phase = .closed(
            window: wasWhole ? self.limit : min(window, self.limit), isProven: isProven)
    }

    /// The way to the relay is another one, or the credentials are.
    package mutating func settingsChanged(limit: Int, at now: SteadyTime) {
        self.limit = max(limit, 1)
        epoch.number += 1
        switch phase {
        case .closed:
            phase = .closed(window: 1, isProven: false)
            since = now
        case .open(var downtime), .probing(var downtime):
            downtime.settingsChanged(at: now)
            phase = .open(downtime)
        }
    }

    /// How many attempts of the present epoch may be under way at once: none while the relay is
    /// down and no probe is due, 1 as the probe, else the window.
    ///
    /// Attempts of earlier epochs that have not ended yet don't count; the bound on connections is
    /// for others to keep.
    package func allowance(at now: SteadyTime) -> Int {
        switch phase {
        case .closed(let window, isProven: _): window
        case .open(let downtime): now >= downtime.nextProbeAt ? 1 : 0
        case .probing: 1
        }
    }

    package var state: RelayState {
        switch phase {
        case .closed(window: _, isProven: let isProven): isProven ? .up : .unknown
        case .open, .probing: .down
        }
    }

    /// nil while it is not down.
    package var downtime: RelayDowntime? {
        switch phase {
        case .closed: nil
        case .open(let downtime), .probing(let downtime): downtime
        }
    }

    /// The latest trouble; nil while it is not down.
    package var trouble: RelayTrouble? { downtime?.trouble }

    /// When a probe may start; nil while the relay is not down or the probe is under way.
    package var nextProbeAt: SteadyTime? {
        guard case .open(let downtime) = phase else { return nil }
        return downtime.nextProbeAt
    }
}
