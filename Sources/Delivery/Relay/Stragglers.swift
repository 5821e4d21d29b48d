/// Dialogues that keep their connection for so long that they must not keep it from other mail: a relay
/// that is silent about four recipients would otherwise stop everybody until its timeouts have passed
/// (Contract.md, "Neighbours").
///
/// A dialogue is a *straggler* once it is older than ``patience``. It is *overtaken* if a mail that was
/// begun later has been accepted already: the relay works, and is slow about this mail alone. What is
/// *spared* does not count against the connections that may be in use, so that as many others begin.
///
/// | dialogues under way | spared |
/// |---|---|
/// | none is a straggler | 0 |
/// | some are overtaken | each of them |
/// | none is overtaken, and fewer are stragglers than may be under way | 0 |
/// | none is overtaken, and all that may be under way are stragglers | 1 more than are beyond that: one mail is tried, and after its ``patience`` the next |
/// | any | at most ``spares(limit:)`` |
///
/// If the relay is slow with every mail, no dialogue is overtaken, and ``patience`` grows with what is
/// usual.
///
/// Example: four connections, four silent recipients. After a second a fifth connection is opened. Its mail
/// is accepted, so the four are overtaken: four others may now be under way beside them.
package struct Stragglers: Hashable, Sendable {
    /// How long an accepted mail takes at most, of late; in nanoseconds, as ``patience`` is kept: both are
    /// asked for several times a mail, and `Duration` has 128 bits.
    private var usual: Int64 = 0
    private var nanoseconds = first.inNanoseconds
    /// When the mail began that was accepted and began last.
    private var latestStart: SteadyTime?
    private var lastAcceptedAt: SteadyTime?
    /// How often a dialogue that was not overtaken was given up since a mail was accepted.
    ///
    /// Dialogues that began before the last of these times count with it.
    private var givenUp = 0
    private var lastGivenUpAt: SteadyTime?

    package static let shortest: Duration = .seconds(1)
    package static let longest: Duration = .seconds(60)
    /// Before anything is known of the relay.
    package static let first: Duration = .seconds(2)
    private static let factor: Int64 = 5
    private static let cap = longest.inNanoseconds

    package init() {}

    /// A mail was accepted.
    package mutating func accepted(startedAt: SteadyTime, at now: SteadyTime) {
        // The slowest counts, and is forgotten within some dozens of mails.
        usual = min(Self.cap, max(now.nanoseconds - startedAt.nanoseconds, usual - usual / 8))
        nanoseconds = min(Self.cap, max(Self.shortest.inNanoseconds, usual * Self.factor))
        latestStart = max(latestStart ?? startedAt, startedAt)
        lastAcceptedAt = now
        givenUp = 0
        lastGivenUpAt = nil
    }

    /// How old a dialogue may become: five times what is usual, within bounds.
    package var patience: Duration { .nanoseconds(nanoseconds) }

    package func isStraggler(startedAt: SteadyTime, at now: SteadyTime) -> Bool {
        now.nanoseconds - startedAt.nanoseconds >= nanoseconds
    }

    /// On the way to becoming a straggler: half as old.
    package func isLate(startedAt: SteadyTime, at now: SteadyTime) -> Bool {
        now.nanoseconds - startedAt.nanoseconds >= nanoseconds / 2
    }

    /// When a dialogue is late next, or a straggler; nil if it is a straggler already.
    package func nextStep(startedAt: SteadyTime, at now: SteadyTime) -> SteadyTime? {
        if isStraggler(startedAt: startedAt, at: now) { return nil }
        let isLate = isLate(startedAt: startedAt, at: now)
        return SteadyTime(
            nanoseconds: startedAt.nanoseconds + (isLate ? nanoseconds : nanoseconds / 2))
    }

    package func isOvertaken(startedAt: SteadyTime, at now: SteadyTime) -> Bool {
        guard let latestStart, isStraggler(startedAt: startedAt, at: now) else { return false }
        return startedAt < latestStart
    }

    /// How many of the dialogues under way do not count.
    ///
    /// - Parameters:
    ///   - starts: when each of them began.
    ///   - allowed: how many may be under way, by the breaker.
    ///   - limit: `OUTBOXD_SMTP_CONNECTIONS`.
    package func spared(
        of starts: [SteadyTime], allowed: Int, limit: Int, at now: SteadyTime
    ) -> Int {
        guard allowed > 0 else { return 0 }
        let late = starts.count { isStraggler(startedAt: $0, at: now) }
        let overtaken = starts.count { isOvertaken(startedAt: $0, at: now) }
        let probes = late >= allowed ? late - allowed + 1 : 0
        return min(Self.spares(limit: limit), max(overtaken, probes))
    }

    /// The most connections beyond the limit.
    package static func spares(limit: Int) -> Int { min(16, max(2, limit)) }

    /// The most connections that helpdesks with stragglers hold: one is left for the others.
    package static func mostHeldByStragglers(limit: Int) -> Int { limit + spares(limit: limit) - 1 }

    /// The most stragglers that are parked, after their final dot.
    package static let mostParked = 16

    /// The most connections that are ever open: the in-flight journal has room for the copies of as many mails.
    package static func mostOpen(limit: Int) -> Int {
        limit + spares(limit: limit) + mostParked + 8
    }

    /// How many are parked.
    ///
    /// Fewer are if the relay has accepted nothing for a minute: it may be silent about
    /// all, and each of them may go out twice.
    package func mostParked(at now: SteadyTime) -> Int { isProven(at: now) ? Self.mostParked : 8 }

    // MARK: Given up

    /// Whether the dialogue may be given up before its timeout, if others wait and no connection is
    /// left for them.
    ///
    /// | the dialogue | given up after |
    /// |---|---|
    /// | its final dot is announced | never: a second copy might go out |
    /// | overtaken | 30 s, or three times ``patience`` |
    /// | any other | the same, doubled with each that was given up before it began (up to 32 times), until a mail is accepted |
    ///
    /// The mail is deferred as if the relay had been silent for the whole timeout.
    package func mayGiveUp(
        startedAt: SteadyTime, dotAnnounced: Bool, at now: SteadyTime
    ) -> Bool {
        let isOvertaken = isOvertaken(startedAt: startedAt, at: now)
        let isOfBefore = lastGivenUpAt.map { startedAt < $0 } ?? false
        let factor = isOvertaken ? 1 : 1 << min(isOfBefore ? givenUp - 1 : givenUp, 5)
        return !dotAnnounced && now - startedAt >= max(.seconds(30), patience * 3) * factor
    }

    /// The relay has accepted a mail within a minute: it is silent about some, not about all.
    package func isProven(at now: SteadyTime) -> Bool {
        lastAcceptedAt.map { now - $0 < .seconds(60) } ?? false
    }

    /// A dialogue was given up.
    package mutating func gaveUp(startedAt: SteadyTime, at now: SteadyTime) {
        guard !isOvertaken(startedAt: startedAt, at: now) else { return }
        if lastGivenUpAt.map({ startedAt >= $0 }) ?? true {
            givenUp += 1
            lastGivenUpAt = now
        }
    }
}
