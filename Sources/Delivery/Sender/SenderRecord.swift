/// What is known of one From address: "Five permanent replies in a row to mails from one From address,
/// none accepted in between and 5.1.x at RCPT not counted: that sender waits and is probed".
///
/// A pure record: the store keeps it, by the From address, and applies the effects in the transaction
/// in which it notes the outcome. Times are the wall clock's, since the record outlives the process.
///
/// | state | event | becomes | effects |
/// |---|---|---|---|
/// | free, n strikes | accepted | free, no strikes | |
/// | free, n strikes | refused, not counted | the same | fail the mail |
/// | free, n < 4 strikes | refused, counted | free, n + 1 strikes | fail the mail |
/// | free, 4 strikes | refused, counted | blocked, 1 failure | return the five, block |
/// | free | deferred, released, probe started | the same | |
/// | blocked | probe started | blocked, with that probe | |
/// | blocked | accepted | free, no strikes | unblock |
/// | blocked | the probe refused, counted | blocked, 1 failure more | return the probe, block |
/// | blocked | the probe refused, not counted | blocked, same wait again | fail it, block |
/// | blocked | the probe deferred | blocked, same wait again | block |
/// | blocked | the probe released | blocked, probe at once | block |
/// | blocked | another refused, counted | the same | return it |
/// | blocked | another refused, not counted | the same | fail it |
/// | blocked | another deferred, released | the same | |
///
/// *Another* is a mail that was under way when the sender was blocked. The waits between probes are
/// 30 s, doubling to 15 min.
package struct SenderRecord: Hashable, Sendable {
    /// The mails refused in a row, oldest first; none once the sender is blocked.
    package var strikes: [Int64]
    /// nil: free.
    package var blockedAt: WallTime?
    /// Counted refusals since ``blockedAt``, the one that blocked included.
    package var failures: Int
    /// When a probe may start; nil: free.
    package var probeAt: WallTime?
    /// The mail that is tried for all.
    package var probe: Int64?

    package static let mostStrikes = 5
    private static let waits = Doubling(from: .seconds(30), upTo: .seconds(900))

    package init(
        strikes: [Int64] = [], blockedAt: WallTime? = nil, failures: Int = 0,
        probeAt: WallTime? = nil, probe: Int64? = nil
    ) {
        self.strikes = strikes
        self.blockedAt = blockedAt
        self.failures = failures
        self.probeAt = probeAt
        self.probe = probe
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

    package mutating func apply(_ event: SenderEvent, at now: WallTime) -> [SenderEffect] {
        isBlocked ? applyBlocked(event, at: now) : applyFree(event, at: now)
    }

    private mutating func applyFree(_ event: SenderEvent, at now: WallTime) -> [SenderEffect] {
        switch event {
        case .accepted:
            strikes = []
            return []
        case .refused(let mail, counts: false):
            return [.fail(mail: mail)]
        case .refused(let mail, counts: true):
            strikes.append(mail)
            return strikes.count < Self.mostStrikes ? [.fail(mail: mail)] : block(at: now)
        case .deferred, .released, .probeStarted:
            return []
        }
    }

    private mutating func block(at now: WallTime) -> [SenderEffect] {
        // A mail that an operator had sent again may be in the row twice.
        var mails: [Int64] = []
        for mail in strikes where !mails.contains(mail) { mails.append(mail) }
        strikes = []
        blockedAt = now
        failures = 1
        return [.returnToPending(mails: mails), wait(from: now)]
    }

    private mutating func applyBlocked(_ event: SenderEvent, at now: WallTime) -> [SenderEffect] {
        switch event {
        case .probeStarted(let mail):
            probe = mail
            // Its result sets the time; should the process die with it, the longest wait holds.
            probeAt = now + Self.waits.cap
            return []
        case .accepted:
            self = SenderRecord()
            return [.unblock]
        case .refused(let mail, counts: true):
            guard mail == probe else { return [.returnToPending(mails: [mail])] }
            failures += 1
            return [.returnToPending(mails: [mail]), wait(from: now)]
        case .refused(let mail, counts: false):
            return [.fail(mail: mail)] + (mail == probe ? [wait(from: now)] : [])
        case .deferred(let mail):
            return mail == probe ? [wait(from: now)] : []
        case .released(let mail):
            guard mail == probe else { return [] }
            probe = nil
            probeAt = now
            return [.block(until: now)]
        }
    }

    /// Ends the probe, if there was one, and sets the time of the next.
    private mutating func wait(from now: WallTime) -> SenderEffect {
        let next = now + Self.waits.wait(step: failures)
        probe = nil
        probeAt = next
        return .block(until: next)
    }
}
