internal import Delivery
internal import SMTP

/// One connection of the sending thread's, and what it is doing.
final class PooledConnection {
    enum Activity {
        /// Open, with nothing to do, since then.
        case idle(since: SteadyTime)
        case busy(Job)
        /// QUIT was said; the answer, or the end, is waited for until then.
        case quitting(until: SteadyTime)
    }

    /// A mail under way.
    final class Job {
        private(set) var mail: OutgoingMail
        var dialogue: Dialogue
        let slot: InFlightJournal.Slot
        let epoch: RelayBreaker.Epoch
        /// It is the first mail of its connection.
        let isFirst: Bool
        let startedAt: SteadyTime
        let queued: Duration
        let connecting: Duration
        /// When the pre-send check was last made.
        var checkedAt: SteadyTime
        /// When the final dot was about to go out.
        var announcedAt: SteadyTime?
        /// When the relay has been silent for too long; moved at each progress.
        var deadline: SteadyTime
        /// When its silence is told of; nil where that is done.
        var silenceAt: SteadyTime?
        /// The dialogue's progress when the deadline was set.
        var progress = -1
        var wantsWrite = false
        /// The mail whose commands stand behind this one's final dot.
        var follower: Job?
        /// Until then it waits for this one's reply.
        private(set) var followerUntil: SteadyTime?
        /// Until then the relay is to say something about this mail, which followed another; nil: it has had that
        /// time, or the mail followed none.
        var answerBy: SteadyTime?

        init(
            mail: OutgoingMail, dialogue: Dialogue, slot: InFlightJournal.Slot,
            epoch: RelayBreaker.Epoch, isFirst: Bool, startedAt: SteadyTime, queued: Duration,
            connecting: Duration
        ) {
            self.mail = mail
            self.dialogue = dialogue
            self.slot = slot
            self.epoch = epoch
            self.isFirst = isFirst
            self.startedAt = startedAt
            self.queued = queued
            self.connecting = connecting
            checkedAt = startedAt
            deadline = startedAt
        }

        /// The dot is announced, and goes out with the follower's commands.
        func isFollowed(by next: Job, at now: SteadyTime) {
            next.ask { dialogue.append(commandsOf: $0) }
            follower = next
            followerUntil = now + FollowingRule.longestWait
        }

        /// Drops the octets, if the relay has all of them and their copy is in the database.
        func empty() {
            guard mail.isKept, !mail.isEmptied, ask({ $0.isContentOut }) else { return }
            dialogue.releaseContent()
            mail = mail.emptied(countedAs: mail.octets)
        }

        /// Asks the dialogue in place: reading the property copies it, and a copy retains a dozen
        /// things.
        func ask<Answer>(_ question: (inout Dialogue) -> Answer) -> Answer { question(&dialogue) }
    }

    let connection: any RelayChannel
    var activity: Activity
    let openedAt: SteadyTime
    /// How long opening it took; told with the first mail.
    let connecting: Duration
    /// It has carried a mail, or lain idle: it may be dead without our knowing.
    var isUsed = false
    /// There is more to read than it had a turn for; poll(2) may not show it.
    var hasUnread = false
    /// Not for another mail: it logged in with what the relay has refused since, or is worn out.
    var isRetired = false
    private var wear = ConnectionWear()
    private(set) var needsReset = false
    /// How long the last final dot waited for its reply; nil before the first.
    private(set) var lastDot: Duration?
    private(set) var isClosed = false

    init(_ connection: any RelayChannel, openedAt: SteadyTime, connecting: Duration) {
        self.connection = connection
        self.openedAt = openedAt
        self.connecting = connecting
        activity = .idle(since: openedAt)
    }

    var isIdle: Bool {
        if case .idle = activity { !isClosed } else { false }
    }
    var isBusy: Bool {
        if case .busy = activity { !isClosed } else { false }
    }
    var isQuitting: Bool {
        if case .quitting = activity { true } else { isClosed }
    }
    var wantsWrite: Bool {
        if case .busy(let job) = activity { job.wantsWrite } else { false }
    }

    /// When something has to be done though nothing is heard.
    var deadline: SteadyTime? {
        switch activity {
        case .idle(let since): isRetired ? since : since + Self.longestIdle
        case .busy(let job): job.deadline
        case .quitting(let until): until
        }
    }

    /// When it is to be looked at though nothing is heard: its deadline, or the silence before it.
    var nextLook: SteadyTime? {
        guard let deadline else { return nil }
        guard case .busy(let job) = activity else { return deadline }
        var next = deadline
        if let silenceAt = job.silenceAt { next = min(next, silenceAt) }
        if let by = job.answerBy { next = min(next, by) }
        if job.follower != nil, let until = job.followerUntil { next = min(next, until) }
        return next
    }

    /// A mail is through: the connection is its follower's, waits for the next one, or is of no use.
    ///
    /// - Returns: the follower. It goes on if the connection is its own now.
    func afterMail(_ job: Job, at now: SteadyTime) -> Job? {
        if let announcedAt = job.announcedAt { lastDot = now - announcedAt }
        let follower = job.follower
        job.follower = nil
        guard job.dialogue.connectionUsable else {
            close()
            return follower
        }
        if let follower {
            activity = .busy(follower)
        } else if hasUnread {
            close()  // What it has left to say, nobody asked for.
        } else {
            needsReset = job.dialogue.needsReset
            activity = .idle(since: now)
        }
        return follower
    }

    func judged(_ verdict: Verdict) {
        if wear.isWornOut(after: verdict) { isRetired = true }
    }

    /// Takes leave; the relay's answer is waited for, but not long.
    func quit(at now: SteadyTime) {
        do throws(ConnectionLost) {
            guard try connection.sayQuit() else { return close() }
            activity = .quitting(until: now + Self.longestQuit)
        } catch {
            close()
        }
    }

    func close() {
        isClosed = true
        connection.close()
    }

    /// Relays drop idle clients after some minutes (Postfix: 5); we go first, with QUIT.
    static let longestIdle: Duration = .seconds(60)
    /// A connection knows nothing of changes in DNS: it is given up for a new one now and then.
    static let longestLife: Duration = .seconds(600)
    static let longestQuit: Duration = .seconds(2)
    /// As long as for a relay that does not greet.
    static let silenceToTell: Duration = .seconds(10)
}
