internal import Crash
internal import Delivery
internal import SMTP
internal import Service
internal import Store

/// Beginning, driving and ending the dialogue of a mail.
extension SendingLoop {
    // MARK: Connections

    /// Connections that were opened meanwhile, or could not be.
    func admitOpened() {
        for error in relay.takeSilences(at: clock.now()) { observer(.relaySilent(error)) }
        for opening in relay.admitOpened(isStopping: isStopping, at: clock.now()) {
            switch opening {
            case .limited(to: let open, let trouble):
                observer(.connectionsLimited(to: open, error: trouble.error))
            case .failed(let trouble):
                // The first in line is the mail that it happened to.
                if let mail = waiting.popFirst() { note(mail, .verdict(.relayTrouble(trouble))) }
            }
        }
    }

    // MARK: Beginning

    func beginMails() {
        guard mayBegin else { return }
        beginOnFresh()
        beginWaiting { helpdesk, now in
            relay.wouldCrowd(helpdesk, at: now) || relay.leavesSpare(helpdesk, at: now)
                || relay.leavesOneOpen(helpdesk, at: now)
        }
        guard relay.shares.spared > 0 else { return }
        beginWaiting { relay.wouldCrowd($0, at: $1) || relay.leavesOneOpen($0, at: $1) }
        openForStraggling()
    }

    /// - Parameter yields: Whether a mail of the helpdesk leaves its turn to the others.
    private func beginWaiting(unless yields: (String, SteadyTime) -> Bool) {
        var yielding: [OutgoingMail] = []
        defer { for mail in yielding { waiting.giveBack(mail) } }
        while !waiting.isEmpty {
            let now = clock.steadyNow()
            // Once the database could not be read, nobody else is begun in this round.
            guard relay.mayBeginMail(at: now), checkTrouble.allowsBeginning(at: now) else { return }
            guard let pooled = relay.takeIdleConnection(at: now) else {
                return relay.open(for: waiting.count + fresh.count, at: clock.now())
            }
            guard let mail = waiting.popFirst() else { return }
            if yields(mail.mail.key.helpdeskID, now) {
                yielding.append(mail)
                continue
            }
            guard begin(mail, on: pooled, at: now) else { return waiting.giveBack(mail) }
        }
    }

    /// A helpdesk with stragglers waits for a connection more than it needs.
    private func openForStraggling() {
        let now = clock.now()
        guard relay.openingCount == 0, relay.mayBeginMail(at: now.steady), !waiting.isEmpty else {
            return
        }
        relay.open(for: 1, at: now)
    }

    /// - Returns: false if nothing can be begun for now: the mail stays first in line. true if it was begun, or
    ///   sent back for what stands against it.
    func begin(_ mail: OutgoingMail, on pooled: PooledConnection, at now: SteadyTime) -> Bool {
        switch prepare(mail, on: pooled, at: now) {
        case .notNow: return false
        case .sentBack: return true
        case .ready(let job):
            pooled.isUsed = true
            pooled.activity = .busy(job)
            drive(pooled, job, readable: false)
            return true
        }
    }

    /// What a look at a mail came to, right before its first command.
    enum Prepared {
        /// Nothing can be begun for now.
        case notNow
        /// Something stands against it.
        case sentBack
        case ready(PooledConnection.Job)
    }

    /// The slot comes before the check: whoever takes the mail over after it finds something to revoke.
    ///
    /// - Parameter follows: Its commands stand behind another mail's dot.
    func prepare(
        _ mail: OutgoingMail, on pooled: PooledConnection, follows: Bool = false,
        at now: SteadyTime
    ) -> Prepared {
        guard let slot = takeSlot(mail.mail) else { return .notNow }
        CrashPoint.slotTaken.pass()
        if let obstacle = obstacle(to: mail, at: now) {
            journal.free(slot)
            note(mail, obstacle)
            return .sentBack
        }
        fresh.began(mail)
        relay.recent.began(mail.mail.key.helpdeskID, at: now)
        let dialogue = Dialogue(
            mail.envelope, message: mail.message,
            extensions: pooled.connection.extensions, timeouts: settings.dialogueTimeouts,
            connectionReused: pooled.isUsed, resetFirst: pooled.needsReset && !follows)
        let job = PooledConnection.Job(
            mail: mail, dialogue: dialogue, slot: slot, epoch: relay.beginMail(at: now),
            isFirst: !pooled.isUsed, startedAt: now, queued: clock.wallNow() - mail.claimedAt,
            connecting: pooled.isUsed ? .zero : pooled.connecting)
        return .ready(job)
    }

    private func takeSlot(_ mail: InFlightMail) -> InFlightJournal.Slot? {
        if let slot = journal.take(mailID: mail.mailID, token: mail.token) { return slot }
        handOff.wantSlot()
        return journal.take(mailID: mail.mailID, token: mail.token)
    }

    // MARK: Driving

    /// Does what the dialogue asks for until it waits for the relay.
    func drive(
        _ pooled: PooledConnection, _ job: PooledConnection.Job, readable: Bool,
        isLate: Bool = false
    ) {
        if readable { receive(pooled, job) }
        if isLate, job.deadline <= clock.steadyNow() {
            touch(job)
            if job.deadline <= clock.steadyNow() { job.dialogue.timedOut() }
        }
        while true {
            switch job.ask({ $0.next() }) {
            case .write(let bytes, let timeout):
                if job.ask({ $0.isBeforeContent }), takeBackIfObstructed(pooled, job) { return }
                guard send(bytes, pooled, job, timeout) else { return }
            case .read(let timeout):
                CrashPoint.dotWritten.pass(if: job.announcedAt != nil)
                job.wantsWrite = false
                return setDeadline(job, timeout)
            case .announceDot:
                guard announceDot(pooled, job) else { return }
            case .end(let end):
                return finish(pooled, job, end)
            }
        }
    }

    /// False if the mail was taken back.
    private func announceDot(_ pooled: PooledConnection, _ job: PooledConnection.Job) -> Bool {
        let follower = nextFollower(of: job, on: pooled)
        if takeBackIfObstructed(pooled, job) {
            giveBack(follower)
            return false
        }
        guard isSilentAboutContent(pooled, job) else {
            giveBack(follower)
            return true
        }
        let now = clock.steadyNow()
        CrashPoint.dotDue.pass()
        let isNoted = journal.announce(job.slot, mail: job.mail.content)
        CrashPoint.dotNoted.pass(if: isNoted)
        job.announcedAt = now
        job.dialogue.announced(isNoted)
        guard let follower else { return true }
        if isNoted { job.isFollowed(by: follower, at: now) } else { giveBack(follower) }
        return true
    }

    /// Nothing was said while the content went out: a 250 that came before the dot must not be taken for the
    /// reply to it.
    ///
    /// Where none of it went out yet, 354 was the last that was read, just now.
    private func isSilentAboutContent(
        _ pooled: PooledConnection, _ job: PooledConnection.Job
    ) -> Bool {
        if job.ask({ $0.isBeforeContent }) { return true }
        receive(pooled, job)
        if case .announceDot = job.ask({ $0.next() }) { return true }
        return false
    }

    /// False if the socket takes nothing for now.
    private func send(
        _ bytes: ArraySlice<UInt8>, _ pooled: PooledConnection, _ job: PooledConnection.Job,
        _ timeout: Duration
    ) -> Bool {
        do throws(ConnectionLost) {
            let count = try pooled.connection.send(bytes)
            job.dialogue.wrote(count)
            job.wantsWrite = count == 0
            if count == 0 { setDeadline(job, timeout) }
            return count > 0
        } catch {
            // It may have said why before it went.
            receive(pooled, job)
            job.dialogue.closed(error.reason)
            return true
        }
    }

    /// A relay that goes on talking when its reply is over makes the connection useless, and is heard no
    /// further.
    private func receive(_ pooled: PooledConnection, _ job: PooledConnection.Job) {
        pooled.hasUnread = false
        do throws(ConnectionLost) {
            let end = try ReadingTurn.run(
                most: buffer.count, showsRest: pooled.connection.tls == nil
            ) { () throws(ConnectionLost) in
                try pooled.connection.receive(into: &buffer)
            } hear: { count in
                job.dialogue.received(buffer[..<count])
                return job.ask { dialogue in
                    if case .end = dialogue.next() { dialogue.connectionUsable } else { true }
                }
            }
            pooled.hasUnread = end == .full
            if end == .closed { job.dialogue.closed("the relay closed the connection") }
        } catch {
            job.dialogue.closed(error.reason)
        }
    }

    /// Moves the deadline where there was progress since it was set.
    private func touch(_ job: PooledConnection.Job) {
        switch job.ask({ $0.next() }) {
        case .write(_, let timeout), .read(let timeout): setDeadline(job, timeout)
        case .announceDot, .end: break
        }
    }

    private func setDeadline(_ job: PooledConnection.Job, _ timeout: Duration) {
        let progress = job.ask { $0.progress }
        guard progress != job.progress else { return }
        job.progress = progress
        let now = clock.steadyNow()
        job.deadline = now + timeout
        job.silenceAt = now + PooledConnection.silenceToTell
    }

    /// Told once for each silence; it is waited for all the same.
    func tellSilence(_ pooled: PooledConnection, _ job: PooledConnection.Job) {
        job.silenceAt = nil
        let stage = job.ask { $0.stage }
        let error = DeliveryError(
            stage: stage,
            text: "\(pooled.connection.peer) sent no \(stage.rawValue) reply for "
                + PooledConnection.silenceToTell.inWords)
        relay.health.isSilent(error, at: clock.now())
        observer(.relaySilent(error))
    }

    // MARK: Ending

    private func finish(
        _ pooled: PooledConnection, _ job: PooledConnection.Job, _ said: DialogueEnd
    ) {
        // Nothing of it is kept or logged before.
        let end = pooled.connection.hidingSecrets(in: said)
        let now = clock.steadyNow()
        if end.dotAnnounced, case .reply(let reply) = end.cause {
            CrashPoint.replyRead.pass()
            journal.note(reply, in: job.slot, at: clock.wallNow())
            CrashPoint.replyNoted.pass()
        }
        let follower = pooled.afterMail(job, at: now)
        defer { if let follower { goOn(pooled, with: follower, after: job) } }
        prefetch.finished(1, at: now)
        let judged = relay.health.judge(
            Verdict(of: end), of: job.mail.mail, began: job.epoch, isFirst: job.isFirst,
            at: ClockReading(wall: clock.wallNow(), steady: now))
        if judged.isTrouble { relay.quitIdle(at: now) }
        let verdict = judged.verdict
        pooled.judged(verdict)
        if end.onStaleConnection {
            if job.dialogue.hasLostCount { relay.following.lostCount(at: now) }
            if case .released = verdict, retryElsewhere(job) { return }
        }
        let isLost = if case .released = verdict { journal.isRevoked(job.slot) } else { false }
        let result = SendResult(
            mail: job.mail, end: isLost ? .lost : .verdict(verdict), slot: job.slot,
            at: clock.wallNow(), delays: Self.delays(of: job, end, at: now),
            relay: pooled.connection.peer)
        let isAccepted = if case .accepted = verdict { true } else { false }
        if case .reply = end.cause {
            relay.shares.ended(job.share, isAccepted: isAccepted, at: now)
        }
        _ = otherRelay?.judge(verdict)
        if case .turnedAway(let error) = verdict { return turnedAway(job, result, error) }
        if verdict.relayEvidence == .works { fresh.forget(job.mail) }
        results.append(result)
        if isAccepted { othersWereAccepted() }
    }

    private static func delays(
        of job: PooledConnection.Job, _ end: DialogueEnd, at now: SteadyTime
    ) -> Delays {
        let mail = job.mail
        var delays = Delays(
            beforeClaim: mail.claimedAt - mail.oldestReplyAt,
            queued: max(.zero, job.queued - job.connecting), connecting: job.connecting,
            transmitting: now - job.startedAt)
        if end.dotAnnounced, case .reply = end.cause {
            delays.final = job.announcedAt.map { now - $0 }
        }
        if mail.isFirstTry { delays.late = mail.claimedAt - mail.dueAt + job.queued }
        delays.isInstant = mail.turn == .instant
        return delays
    }

    /// A connection that was dead all along costs nobody an attempt: the mail is next on another.
    private func retryElsewhere(_ job: PooledConnection.Job) -> Bool {
        relay.quitIdle(at: clock.steadyNow())
        return goesElsewhere(job)
    }

    /// The mail is first in the next round, since nothing was said about it; not for ever.
    ///
    /// - Returns: false if it goes back to the store instead, and keeps its slot.
    func goesElsewhere(_ job: PooledConnection.Job) -> Bool {
        guard !isStopping, job.mail.countStaleTry() <= 3 else { return false }
        journal.free(job.slot)
        again.append(job.mail)
        return true
    }
}
