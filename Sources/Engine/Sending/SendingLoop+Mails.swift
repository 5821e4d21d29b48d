internal import Delivery
internal import SMTP
internal import Service
internal import Store

/// Beginning, driving and ending the dialogue of a mail.
extension SendingLoop {
    // MARK: Connections

    /// Connections that were opened meanwhile, or could not be.
    func admitOpened() {
        let now = clock.steadyNow()
        for opened in dialer.takeOpened() {
            switch opened.result {
            case .success(let connection):
                let pooled = PooledConnection(connection, openedAt: now, connecting: opened.took)
                pool.append(pooled)
                if isStopping { pooled.quit(at: now) }
            case .failure(let trouble) where !isStopping && isOneTooMany(trouble, opened.epoch):
                let open = openCount
                ceiling.refused(beside: open, at: now)
                observer(.connectionsLimited(to: open, error: trouble.error))
            case .failure(let trouble) where !isStopping:
                let epoch = breaker.epoch
                breaker.troubled(trouble, at: now, in: opened.epoch)
                // One that failed with others, or before the settings changed, says nothing new.
                guard breaker.epoch != epoch else { continue }
                // The first in line is the mail that it happened to.
                if let mail = waiting.popFirst() { note(mail, .verdict(.relayTrouble(trouble))) }
                report(isTrouble: true)
            case .failure: break
            }
        }
    }

    var openCount: Int { pool.reduce(0) { $0 + ($1.isQuitting ? 0 : 1) } }

    /// The relay serves the connections it has, and refuses one more: it is not down.
    private func isOneTooMany(_ trouble: RelayTrouble, _ epoch: RelayBreaker.Epoch) -> Bool {
        guard trouble.kind == .outage, epoch == breaker.epoch, breaker.state == .up else {
            return false
        }
        let isAtTheDoor = trouble.error.stage == .connect || trouble.error.stage == .greeting
        return isAtTheDoor && pool.contains { $0.isUsed && !$0.isQuitting }
    }

    func openConnections(allowed: Int) {
        let open = openCount
        if open == 0 { ceiling.forget() }
        var opening = dialer.underWay
        let now = clock.steadyNow()
        let wanted = ConnectionsWanted(
            allowed: allowed, limit: settings.connections, ceiling: ceiling.limit(at: now),
            logsIn: settings.relay.authenticates, open: open, spared: shares.spared)
        let mails = waiting.count + fresh.count
        while open + opening < wanted.most, opening < mails, now >= connectAt {
            do throws(SystemError) {
                try dialer.open(epoch: breaker.started(at: now))
                opening += 1
            } catch {
                return noThread(error, at: now, beside: open + opening)
            }
        }
    }

    /// There is no thread to connect on: those that are open go on; without any it is as if the relay
    /// could not be reached.
    private func noThread(_ error: SystemError, at now: SteadyTime, beside open: Int) {
        connectAt = now + .seconds(1)
        guard open == 0 else { return }
        let failure = DeliveryError(stage: .connect, text: "no thread to connect on: \(error)")
        breaker.troubled(
            RelayTrouble(kind: .outage, error: failure), at: now, in: breaker.epoch)
        report(isTrouble: true)
    }

    /// The relay has refused our credentials: what is on its way to say them again turns back, and what
    /// logged in before is not proof of them any more.
    func followCredentials() {
        guard breaker.epoch != knownEpoch else { return }
        knownEpoch = breaker.epoch
        guard breaker.trouble?.kind == .credentials else { return }
        dialer.abandon(before: breaker.epoch)
        for pooled in pool { pooled.isRetired = true }
    }

    // MARK: Beginning

    func beginMails() {
        guard mayBegin else { return }
        beginOnFresh()
        beginWaiting { wouldCrowd($0, at: $1) || leavesSpare($0, at: $1) }
        if shares.spared > 0 { beginWaiting { wouldCrowd($0, at: $1) } }
    }

    /// - Parameter yields: Whether the mail leaves its turn to the others.
    private func beginWaiting(unless yields: (OutgoingMail, SteadyTime) -> Bool) {
        var yielding: [OutgoingMail] = []
        defer { for mail in yielding { waiting.giveBack(mail) } }
        while !waiting.isEmpty {
            let now = clock.steadyNow()
            let allowed = breaker.allowance(at: now)
            // Once the database could not be read, nobody else is begun in this round.
            guard busyCount < allowed, checkTrouble.allowsBeginning(at: now) else { return }
            if let place = bucket?.nextAt, place > now { return }
            // The one that was used last: the others may then fall idle and be given up.
            guard let pooled = pool.last(where: \.isIdle) else {
                return openConnections(allowed: allowed)
            }
            if pooled.isRetired || now - pooled.openedAt > PooledConnection.longestLife {
                pooled.quit(at: now)
                continue
            }
            guard let mail = waiting.popFirst() else { return }
            if yields(mail, now) {
                yielding.append(mail)
                continue
            }
            guard begin(mail, on: pooled, at: now) else { return waiting.giveBack(mail) }
        }
    }

    /// False where nothing can be begun for now; the mail then stays first in line.
    ///
    /// The slot comes before the check: whoever takes the mail over after it finds something to revoke.
    func begin(_ mail: OutgoingMail, on pooled: PooledConnection, at now: SteadyTime) -> Bool {
        guard let slot = takeSlot(mail.mail) else { return false }
        if let obstacle = obstacle(to: mail, at: now) {
            journal.free(slot)
            note(mail, obstacle)
            return true
        }
        _ = bucket?.take(at: now)
        fresh.began(mail)
        let dialogue = Dialogue(
            mail.envelope, message: mail.content.message,
            extensions: pooled.connection.extensions, timeouts: settings.dialogueTimeouts,
            connectionReused: pooled.isUsed, resetFirst: pooled.needsReset)
        let job = PooledConnection.Job(
            mail: mail, dialogue: dialogue, slot: slot, epoch: breaker.started(at: now),
            isFirst: !pooled.isUsed, startedAt: now, queued: clock.wallNow() - mail.claimedAt,
            connecting: pooled.isUsed ? .zero : pooled.connecting)
        pooled.isUsed = true
        pooled.activity = .busy(job)
        drive(pooled, job, readable: false)
        return true
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
                if job.ask({ $0.isBeforeContent }), turnsBack(pooled, job) { return }
                guard send(bytes, pooled, job, timeout) else { return }
            case .read(let timeout):
                job.wantsWrite = false
                return setDeadline(job, timeout)
            case .announceDot:
                if turnsBack(pooled, job) { return }
                job.dialogue.announced(journal.announce(job.slot, mail: job.mail.content))
            case .end(let end):
                return finish(pooled, job, end)
            }
        }
    }

    /// False where the socket takes nothing for now.
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
        job.deadline = clock.steadyNow() + timeout
    }

    // MARK: Ending

    private func finish(_ pooled: PooledConnection, _ job: PooledConnection.Job, _ end: DialogueEnd)
    {
        let now = clock.steadyNow()
        if end.dotAnnounced, case .reply(let reply) = end.cause {
            journal.note(reply, in: job.slot, at: clock.wallNow())
        }
        pooled.afterMail(job.dialogue, at: now)
        prefetch.finished(1, at: now)
        let verdict = judged(Verdict(of: end), job)
        if case .released = verdict, end.onStaleConnection, retryElsewhere(job) { return }
        var result = SendResult(
            mail: job.mail, end: .verdict(verdict), slot: job.slot, at: clock.wallNow())
        if case .released = verdict, journal.isRevoked(job.slot) { result.end = .lost }
        result.relay = pooled.connection.peer
        result.delays = Delays(
            beforeClaim: job.mail.claimedAt - job.mail.oldestReplyAt,
            queued: max(.zero, job.queued - job.connecting), connecting: job.connecting,
            transmitting: now - job.startedAt)
        let isAccepted = if case .accepted = verdict { true } else { false }
        if case .reply = end.cause { shares.ended(job.share, isAccepted: isAccepted, at: now) }
        if case .turnedAway(let error) = verdict { return turnedAway(job, result, error) }
        _ = otherRelay?.judge(verdict)
        if verdict.relayEvidence == .works { fresh.forget(job.mail) }
        results.append(result)
        if isAccepted { othersWereAccepted() }
    }

    /// A connection that was dead all along costs nobody an attempt: the mail is next on another.
    private func retryElsewhere(_ job: PooledConnection.Job) -> Bool {
        quitIdleConnections()
        guard !isStopping, job.mail.countStaleTry() <= 3 else { return false }
        journal.free(job.slot)
        again.append(job.mail)
        return true
    }

    /// What was wrong with one connection is likely to be wrong with those beside it.
    func quitIdleConnections() {
        for pooled in pool where pooled.isIdle { pooled.quit(at: clock.steadyNow()) }
    }
}
