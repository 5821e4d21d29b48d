internal import Delivery
internal import SMTP
internal import Service
internal import Store

/// One round trip a mail: the next mail's commands go out behind a final dot; see ``FollowingRule`` and
/// the table in `Dialogue+Following.swift`.
extension SendingLoop {
    /// The next mail, checked and with a slot, whose commands can stand behind this one's dot.
    ///
    /// A connection that lies idle is the better place for it. It is prepared before the last look at the
    /// mail in front, whose dot it must not keep waiting.
    func nextFollower(
        of job: PooledConnection.Job, on pooled: PooledConnection
    ) -> PooledConnection.Job? {
        let now = clock.steadyNow()
        guard !waiting.isEmpty, pooled.mayBeFollowed(at: now),
            relay.mayBeginFollower(lastDot: pooled.lastDot, at: now), mayBegin, fresh.isEmpty
        else { return nil }
        guard let mail = waiting.popFirst() else { return nil }
        switch prepare(mail, on: pooled, follows: true, at: now) {
        case .notNow: waiting.giveBack(mail)
        case .sentBack: break
        case .ready(let next):
            if next.ask({ next in job.ask { $0.mayBeFollowed(by: next) } }) { return next }
            giveBack(next)
        }
        return nil
    }

    /// Nothing of it was sent: it is first in line again.
    func giveBack(_ follower: PooledConnection.Job?) {
        guard let follower else { return }
        journal.free(follower.slot)
        waiting.giveBack(follower.mail)
    }

    /// The mail in front has ended: its follower goes on with what was sent and heard by then, or goes
    /// over another connection.
    func goOn(
        _ pooled: PooledConnection, with follower: PooledConnection.Job,
        after job: PooledConnection.Job
    ) {
        guard pooled.job === follower else { return wasNotBegun(follower) }
        follower.dialogue.takeOver(from: &job.dialogue)
        follower.answerBy = clock.steadyNow() + FollowingRule.longestSilence
        drive(pooled, follower, readable: false)
    }

    /// The mail in front has waited for its reply for long: its follower waits no more.
    func dropFollower(of job: PooledConnection.Job) {
        guard let follower = job.follower else { return }
        job.follower = nil
        job.dialogue.dropFollower()
        relay.following.keptWaiting(at: clock.steadyNow())
        wasNotBegun(follower)
    }

    /// The relay has answered the dot, and not what stood behind it: the mail goes on its own, as if it had not begun.
    func giveUpUnanswered(_ job: PooledConnection.Job, on pooled: PooledConnection) {
        job.answerBy = nil
        guard job.ask({ $0.isUnansweredBehindDot }) else { return }
        job.dialogue.wasNotAnswered()
        drive(pooled, job, readable: false)
    }

    /// None of its commands was answered, and its content never goes out over that connection: it costs no
    /// attempt.
    private func wasNotBegun(_ follower: PooledConnection.Job) {
        relay.health.released(at: clock.steadyNow(), in: follower.epoch)
        guard !goesElsewhere(follower) else { return }
        journal.free(follower.slot)
        note(follower.mail, .unused)
    }
}

extension PooledConnection {
    /// It carries further mail: not one that is to be given up.
    func mayBeFollowed(at now: SteadyTime) -> Bool {
        !isRetired && !isClosed && now - openedAt <= Self.longestLife
    }
}

extension RelayPool {
    /// Nothing is unusual: the relay works, no connection lies idle, and no dialogue takes long.
    func mayBeginFollower(lastDot: Duration?, at now: SteadyTime) -> Bool {
        guard following.allows(lastDot: lastDot, at: now), health.isUp, shares.isUsual,
            hasPlaceInRate(at: now)
        else { return false }
        let allowed = health.allowance(at: now)
        return connections.count <= allowed && !connections.contains(where: \.isIdle)
    }
}
