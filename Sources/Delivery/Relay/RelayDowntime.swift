/// What is known while the relay is down, and when it is probed next.
///
/// | trouble | first probe after | doubling up to |
/// |---|---|---|
/// | outage | 1 s | 1 min |
/// | credentials, certificates | 30 s | 15 min |
///
/// A probe that was hastened (with mail that has no part in the trouble) does not count: the others go on
/// at the times at which they would have gone.
///
/// Each kind has a count of its own, and both last until the relay works or the settings change. So
/// where a failed login is followed by an outage, the relay is soon looked for again; but the next
/// failed login waits longer than the last one did: alternation can't make logins more frequent.
package struct RelayDowntime: Hashable, Sendable {
    /// The latest trouble.
    package private(set) var trouble: RelayTrouble
    /// No probe before this.
    package private(set) var nextProbeAt: SteadyTime
    private var outages = 0
    private var refusals = 0
    /// When the next probe would have gone, had it not been hastened.
    private var regularProbeAt: SteadyTime?

    private static let outageWaits = Doubling(from: .seconds(1), upTo: .seconds(60))
    private static let credentialWaits = Doubling(from: .seconds(30), upTo: .seconds(900))
    /// A probe that came back as it was says nothing about the relay.
    ///
    /// The next one follows shortly, though not at once: whatever sent it back may do so again.
    private static let shortly: Duration = .seconds(1)

    package init(_ trouble: RelayTrouble, at now: SteadyTime) {
        self.trouble = trouble
        nextProbeAt = now
        note(trouble, at: now)
    }

    /// How many times in a row there was trouble of the present kind.
    package var failures: Int {
        trouble.kind == .outage ? outages : refusals
    }

    package mutating func note(_ trouble: RelayTrouble, at now: SteadyTime) {
        self.trouble = trouble
        if let regular = regularProbeAt {
            regularProbeAt = nil
            nextProbeAt = max(regular, now)
            return
        }
        switch trouble.kind {
        case .outage:
            outages += 1
            nextProbeAt = now + Self.outageWaits.wait(step: outages)
        case .credentials:
            refusals += 1
            nextProbeAt = now + Self.credentialWaits.wait(step: refusals)
        }
    }

    package mutating func probeReleased(at now: SteadyTime) {
        regularProbeAt = nil
        nextProbeAt = now + Self.shortly
    }

    /// A probe goes at once, beside the others.
    package mutating func hasten(at now: SteadyTime) {
        guard now < nextProbeAt else { return }
        regularProbeAt = nextProbeAt
        nextProbeAt = now
    }

    /// New settings are a new situation: a probe at once, and the waits from their beginning.
    package mutating func settingsChanged(at now: SteadyTime) {
        outages = 0
        refusals = 0
        regularProbeAt = nil
        nextProbeAt = now
    }
}
