/// A From address that the relay refuses: its mails wait, reason `sender`, and one is tried now and
/// then.
///
/// ``Suspicions`` says when it comes to that.
///
/// A pure record: the store keeps it, by the From address, and carries the rulings out in the transaction
/// in which it notes the outcome. Times are the wall clock's, since the record outlives the process.
///
/// | state | event | becomes | rulings |
/// |---|---|---|---|
/// | free | any | the same | |
/// | blocked | probe started | blocked, with that probe | |
/// | blocked | accepted | free | unblock |
/// | blocked | the probe refused (permanent, identity) | blocked, 1 failure more | it waits |
/// | blocked | the probe deferred | blocked, 1 failure more | |
/// | blocked | the probe's mailbox unknown | blocked, same wait again | |
/// | blocked | the probe released | blocked, probe at once | |
/// | blocked | a mail comes that was never tried | blocked, probe once it is due, in 5 s at the earliest, if none is due before | |
/// | blocked | another refused (permanent, identity) | the same | it waits |
/// | blocked | another's mailbox unknown, deferred, released | the same | |
///
/// *Another* is a mail that was under way when the sender was blocked. A refusal that speaks of the
/// relay's system counts as deferred. The waits between probes are 1 s, doubling to 15 min: six in
/// the first minute, since a dozen refused contents may stand before a hundred good mails.
package struct SenderRecord: Hashable, Sendable {
    /// nil: free.
    package var blockedAt: WallTime?
    /// What came instead of an acceptance since ``blockedAt``: the refusal that blocked, and probes.
    package var failures: Int
    /// When a probe may start; nil: free.
    package var probeAt: WallTime?
    /// The mail that is tried for all.
    package var probe: Int64?

    private static let soon: Duration = .seconds(5)
    private static let waits = Doubling(from: .seconds(1), upTo: .seconds(900))

    package init(
        blockedAt: WallTime? = nil, failures: Int = 0, probeAt: WallTime? = nil, probe: Int64? = nil
    ) {
        self.blockedAt = blockedAt
        self.failures = failures
        self.probeAt = probeAt
        self.probe = probe
    }

    package static func blocked(at now: WallTime) -> SenderRecord {
        var record = SenderRecord(blockedAt: now, failures: 1)
        record.wait(from: now)
        return record
    }

    package var isBlocked: Bool { blockedAt != nil }

    /// Whether a mail of this sender may start as the probe; never while it is free.
    ///
    /// A probe further off than the longest wait was noted before the clock was set back.
    package func mayProbe(at now: WallTime) -> Bool {
        guard isBlocked else { return false }
        guard let probeAt else { return true }
        return probeAt <= now || probeAt - now > Self.waits.cap
    }

    package mutating func apply(
        _ event: SenderEvent, of sender: String, at now: WallTime
    ) -> [Ruling] {
        guard isBlocked else { return [] }
        switch event {
        case .probeStarted(let mail):
            probe = mail
            // Its result sets the time; should the process die with it, the longest wait holds.
            probeAt = now + Self.waits.cap
        case .accepted:
            self = SenderRecord()
            return [.unblock(sender: sender)]
        case .refused(let mail, .permanent), .refused(let mail, .identity):
            if mail == probe {
                failures += 1
                wait(from: now)
            }
            return [.waitForSender(mails: [mail])]
        case .deferred(let mail), .refused(let mail, .system):
            guard mail == probe else { return [] }
            failures += 1
            wait(from: now)
        case .unknownMailbox(let mail):
            if mail == probe { wait(from: now) }
        case .released(let mail):
            guard mail == probe else { return [] }
            probe = nil
            probeAt = now
        }
        return []
    }

    /// A mail has come that has no part in the refusals: it need not wait for the next probe of those.
    package mutating func hasten(for dueAt: WallTime, at now: WallTime) {
        guard let blockedAt, now >= blockedAt, probe == nil, let probeAt else { return }
        self.probeAt = min(probeAt, max(dueAt, now + Self.soon))
    }

    /// Ends the probe, if there was one, and sets the time of the next.
    private mutating func wait(from now: WallTime) {
        probe = nil
        probeAt = now + Self.waits.wait(step: failures)
    }
}
