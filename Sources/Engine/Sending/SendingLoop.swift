internal import Delivery
internal import SMTP
internal import Service
internal import Store

/// The sending thread: owns the connections to the relay and drives the dialogues on them, none of
/// which waits for another.
///
/// A round takes what the storing thread has sent over, begins dialogues as far as the breaker, the
/// rate and the connections allow, and hands results back. ``SendingDriver`` waits for the sockets.
final class SendingLoop {
    var settings: EngineSettings
    let handOff: HandOff
    let journal: InFlightJournal
    let check: any PreSendCheck
    let clock: EngineClock
    let heartbeat: Heartbeat
    let observer: EngineObserver
    let relay: RelayPool

    /// Claimed and not begun, in their turns.
    var waiting = TurnQueue<OutgoingMail>()
    /// Mails whose connection turned out dead: first in line at the next round.
    var again: [OutgoingMail] = []
    /// Mails that got 421.
    var fresh = FreshLine()
    /// The relay's refusals; nil if it is the usual relay.
    var otherRelay: OtherRelay?
    var results: [SendResult] = []
    var prefetch: Prefetch
    var checkTrouble = CheckTrouble()
    private var gathering = ResultGathering()
    var isStopping = false
    /// How long connect threads are waited for at the end.
    private var threadsUntil: SteadyTime?
    var buffer = [UInt8](repeating: 0, count: 16_384)

    init(
        _ settings: EngineSettings, handOff: HandOff, journal: InFlightJournal,
        check: any PreSendCheck,
        heartbeat: Heartbeat, isOtherRelay: Bool = false, surroundings: Surroundings,
        observer: @escaping EngineObserver
    ) {
        clock = surroundings.clock
        otherRelay = isOtherRelay ? OtherRelay() : nil
        self.settings = settings
        self.handOff = handOff
        self.journal = journal
        self.check = check
        self.heartbeat = heartbeat
        self.observer = observer
        let now = clock.steadyNow()
        prefetch = Prefetch(at: now)
        relay = RelayPool(
            settings, dialer: surroundings.dialer(settings.relay, handOff.forSending), at: now)
    }

    /// Runs one round without waiting for anything.
    ///
    /// - Parameter isReady: Whether the connection at this place of ``RelayPool/connections`` can be read or
    ///   written, or has ended.
    /// - Returns: when the next turn is due unless something is heard before; nil at the end.
    func turn(isReady: (Int) -> Bool) -> Duration? {
        let began = clock.steadyNow()
        serve(isReady)
        heartbeat.beat(clock.steadyNow())
        journal.beat(clock.steadyNow())
        handOff.forSending.drain()
        if let pause = handOff.takePause(), !isStopping {
            relay.health.pause(by: pause, at: clock.now())
        }
        if handOff.takeProbe() { relay.health.probeNow(at: clock.steadyNow()) }
        if let change = handOff.takeChange() { adopt(change) }
        takeOutgoing()
        admitOpened()
        relay.followCredentials()
        if let stopBy = handOff.stopBy { stop(by: stopBy) }
        recountShares()
        beginMails()
        settleHeld()
        releaseWhatCannotGo()
        prefetch.relay(isBusy: relay.busyCount > 0, at: clock.steadyNow())
        deliver()
        if isStopping, relay.isEmpty, threadsAreOver() {
            handOff.noteSendingEnded()
            return nil
        }
        relay.removeClosed()
        return timeout(since: began)
    }

    private func deliver() {
        let isOver = gathering.endIfOver(
            results: results.count, othersWait: !waiting.isEmpty && !isStopping,
            at: clock.steadyNow())
        handOff.deliver(isOver ? results : [], relay: relay.health.takeNews(), demand: demand())
        if isOver { results.removeAll(keepingCapacity: true) }
    }

    private func takeOutgoing() {
        for mail in again { waiting.giveBack(mail) }
        again.removeAll()
        let (may, mayNot) = relay.health.sift(handOff.takeOutgoing(), at: clock.now())
        for mail in mayNot { note(mail, .accused) }
        for mail in may {
            waiting.append(mail, class: mail.turn, helpdesk: mail.mail.key.helpdeskID)
        }
    }

    // MARK: Waiting

    /// What was heard of connections, and deadlines that have passed.
    private func serve(_ isReady: (Int) -> Bool) {
        let now = clock.steadyNow()
        let polled = relay.connections
        for (index, pooled) in polled.enumerated() {
            if isReady(index) || pooled.hasUnread {
                serve(pooled)
            } else if let deadline = pooled.deadline, deadline <= now {
                expire(pooled)
            } else if case .busy(let job) = pooled.activity {
                lookAt(job, on: pooled, at: now)
            }
        }
    }

    /// The relay has said nothing.
    private func lookAt(
        _ job: PooledConnection.Job, on pooled: PooledConnection, at now: SteadyTime
    ) {
        if let until = job.followerUntil, until <= now { dropFollower(of: job) }
        if let by = job.answerBy, by <= now { giveUpUnanswered(job, on: pooled) }
        if let at = job.silenceAt, at <= now { tellSilence(pooled, job) }
    }

    /// Until the next thing that happens by itself.
    private func timeout(since began: SteadyTime) -> Duration {
        let now = clock.steadyNow()
        var agenda = SendingAgenda(
            lifeSign: settings.lease / 4,
            connections: relay.connections.lazy.compactMap(\.nextLook).min(),
            results: gathering.endsAt,
            isUrgent: !again.isEmpty || relay.connections.contains(where: \.hasUnread),
            hasWaiting: !waiting.isEmpty || !fresh.isEmpty, probeAt: relay.health.nextProbeAt,
            blindUntil: checkTrouble.until, placeAt: relay.bucket?.nextAt,
            connectAt: relay.connectAt,
            stragglerAt: relay.nextStraggler(at: now), stopBy: handOff.stopBy,
            threadsUntil: threadsUntil)
        agenda.hasFarPlace = hasFarPlace(at: now)
        agenda.roundBegan = began
        return agenda.wakeAt(now) - now
    }

    private func serve(_ pooled: PooledConnection) {
        switch pooled.activity {
        case .busy(let job): drive(pooled, job, readable: true)
        // Whatever an idle relay says (421), or an end: the connection is of no use any more.
        case .idle, .quitting: pooled.close()
        }
    }

    private func expire(_ pooled: PooledConnection) {
        switch pooled.activity {
        case .busy(let job):
            // The poll came first: what has been said by now counts.
            drive(pooled, job, readable: true, isLate: true)
        case .idle: pooled.quit(at: clock.steadyNow())
        case .quitting: pooled.close()
        }
    }

    // MARK: What could be taken

    var mayBegin: Bool {
        !isStopping && handOff.isRecordable
            && checkTrouble.allowsBeginning(at: clock.steadyNow())
            && otherRelay?.refuses != true
    }

    /// Asked for in batches: nothing until a quarter of the stock is gone.
    private func demand() -> HandOff.Demand {
        let now = clock.steadyNow()
        let window = mayBegin ? relay.health.allowance(at: now) : 0
        let health = relay.health
        let isDown = health.isDown
        // Another relay that has not accepted anything yet gets one mail: what it is silent about, the usual
        // one could have had meanwhile.
        let isUnproven = otherRelay != nil && health.accepted == 0
        let target = isDown || isUnproven ? min(1, window) : target(for: window)
        let unwanted = unwanted(at: now)
        let stock = Prefetch.stock(
            atHand: waiting.count + again.count + fresh.kept, unwanted: unwanted.stock,
            isDown: isDown)
        // Nothing is spared of a relay that nothing is known of: a straggler there is the one mail it gets.
        let spared = isUnproven ? relay.shares.spared : 0
        let missing = target - stock - relay.busyCount - spared
        return HandOff.Demand(
            mails: missing * 4 >= target ? missing : 0, room: missing,
            urgent: isDown || isUnproven
                ? 0 : Prefetch.urgent(window: window, target: target, stock: stock),
            behind: isDown || isUnproven
                ? 0 : Prefetch.behind(target: target, stock: waiting.behindCount - unwanted.behind),
            isProbe: isDown && window > 0, isDown: isDown && window == 0,
            accusation: isDown ? health.accusation : nil,
            newcomers: isDown ? health.newcomers : nil,
            exemptOctets: relay.exemptOctets(at: now), crowded: unwanted.helpdesks)
    }

    private func target(for window: Int) -> Int {
        guard window > 0 else { return 0 }
        return paced(
            prefetch.target(window: window, isCommittingSlow: handOff.isCommittingSlow))
    }

    /// With a low rate most of a prefetch would wait here for its place, claimed, past the reach of
    /// a pause and of changes to its text.
    ///
    /// We look at least once a second.
    private func paced(_ target: Int) -> Int {
        guard let bucket = relay.bucket else { return target }
        if hasFarPlace(at: clock.steadyNow()) { return 0 }
        return min(target, 1 + Int(250_000_000 / bucket.limit.interval))
    }

    private func hasFarPlace(at now: SteadyTime) -> Bool {
        relay.bucket?.nextAt.map { $0 - now > .seconds(1) } ?? false
    }

    /// Claimed mails do not wait out an outage here: they go back, so that they can be read, cancelled
    /// and looked at.
    private func releaseWhatCannotGo() {
        guard isStopping || relay.health.allowance(at: clock.steadyNow()) == 0 else { return }
        for mail in waiting.removeAll() + fresh.takeQueued() + fresh.takeHeld().map(\.mail) {
            note(mail, .unused)
        }
    }

    func note(_ mail: OutgoingMail, _ end: SendResult.End) {
        results.append(SendResult(mail: mail, end: end, at: clock.wallNow()))
    }

    // MARK: Stopping

    /// The threads that were opening connections are gone, or have had their time: they look every
    /// 50 ms whether they are to stop, so that one that takes longer hangs in a library.
    ///
    /// It is left behind then; the process ends without running anything that it could meet.
    private func threadsAreOver() -> Bool {
        if relay.isQuiet { return true }
        let now = clock.steadyNow()
        let until = threadsUntil ?? now + .seconds(1)
        threadsUntil = until
        return until <= now
    }

    private func stop(by deadline: SteadyTime) {
        isStopping = true
        relay.stopDialing()
        let now = clock.steadyNow()
        for pooled in relay.connections {
            switch pooled.activity {
            case .idle: pooled.quit(at: now)
            case .busy(let job) where deadline <= now:
                job.dialogue.abandon("outboxd was stopped")
                drive(pooled, job, readable: false)
            case .busy, .quitting: break
            }
            if deadline <= now { pooled.close() }
        }
        relay.removeClosed()
    }
}
