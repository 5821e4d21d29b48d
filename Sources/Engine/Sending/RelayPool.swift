internal import Delivery
internal import SMTP
internal import Service

/// All that belongs to one relay: its connections and who may hold them, what is known of its state and of
/// its limits, and the rate.
///
/// There is one today; each further relay would have its own. It opens and closes connections; what goes over them is the sending loop's. Used by the sending
/// thread alone.
final class RelayPool {
    private let dialer: any RelayDialer
    /// `OUTBOXD_SMTP_CONNECTIONS`.
    private var limit: Int
    private var logsIn: Bool

    let health: RelayHealth
    var shares: ConnectionShares
    private(set) var connections: [PooledConnection] = []
    private(set) var bucket: TokenBucket?
    private var ceiling = ConnectionCeiling()
    /// Whether mails go out behind the final dots of others.
    var following = FollowingRule()
    /// Whose mail was begun lately.
    var recent = RecentHelpdesks()
    /// Where a change of it was last followed.
    private var knownEpoch: RelayBreaker.Epoch
    /// No connection is opened before this time, since there was no thread to connect on.
    private(set) var connectAt = SteadyTime(nanoseconds: 0)
    /// Connections of earlier epochs were opened by former settings.
    private var wayChangedIn: RelayBreaker.Epoch?

    init(_ settings: EngineSettings, dialer: any RelayDialer, at now: SteadyTime) {
        self.dialer = dialer
        limit = settings.connections
        logsIn = settings.relay.authenticates
        health = RelayHealth(limit: settings.connections, at: now)
        knownEpoch = health.epoch
        shares = ConnectionShares(limit: settings.connections)
        bucket = settings.rate.map(TokenBucket.init)
    }

    // MARK: Places

    /// How many mails are under way, but for stragglers that are spared.
    var busyCount: Int { connections.reduce(-shares.spared) { $0 + ($1.isBusy ? 1 : 0) } }

    var isEmpty: Bool { connections.isEmpty }
    var openCount: Int { connections.reduce(0) { $0 + ($1.isQuitting ? 0 : 1) } }

    /// Breaker and rate (`OUTBOXD_RATE`, of this process) allow one more mail.
    func mayBeginMail(at now: SteadyTime) -> Bool {
        busyCount < health.allowance(at: now) && hasPlaceInRate(at: now)
    }

    func hasPlaceInRate(at now: SteadyTime) -> Bool { bucket?.nextAt.map { $0 <= now } ?? true }

    /// A mail begins: it takes a place in the rate, and its result belongs to the epoch.
    func beginMail(at now: SteadyTime) -> RelayBreaker.Epoch {
        _ = bucket?.take(at: now)
        return health.started(at: now)
    }

    /// The idle connection that was used last: the others may then fall idle and be given up.
    ///
    /// Those that are too old are told QUIT on the way.
    func takeIdleConnection(at now: SteadyTime) -> PooledConnection? {
        while let pooled = connections.last(where: \.isIdle) {
            guard pooled.isRetired || now - pooled.openedAt > PooledConnection.longestLife else {
                return pooled
            }
            pooled.quit(at: now)
        }
        return nil
    }

    var freshConnection: PooledConnection? {
        connections.last { $0.isIdle && !$0.isUsed && !$0.isRetired }
    }

    // MARK: Opening

    var openingCount: Int { dialer.underWay }

    /// What came of opening a connection, beside the connection.
    enum Opening {
        /// The relay serves those that are open, and refuses more.
        case limited(to: Int, RelayTrouble)
        case failed(RelayTrouble)
    }

    /// Takes in what was opened meanwhile, or could not be.
    ///
    /// - Returns: what has to be told.
    func admitOpened(isStopping: Bool, at now: ClockReading) -> [Opening] {
        var told: [Opening] = []
        for opened in dialer.takeOpened() {
            switch opened.result {
            case .success(let connection):
                let pooled = PooledConnection(
                    connection, openedAt: now.steady, connecting: opened.took)
                connections.append(pooled)
                // One of former settings is of no use any more.
                let isOutdated = wayChangedIn.map { opened.epoch < $0 } ?? false
                if isStopping || isOutdated { pooled.quit(at: now.steady) }
            case .failure(let trouble) where !isStopping:
                if let opening = failed(trouble, opened.epoch, at: now) { told.append(opening) }
            case .failure: break
            }
        }
        return told
    }

    /// Silences about connections that are still wanted.
    func takeSilences(at now: ClockReading) -> [DeliveryError] {
        let told = dialer.takeSilences().filter { $0.epoch == health.epoch }.map(\.error)
        if let last = told.last { health.isSilent(last, at: now) }
        return told
    }

    private func failed(
        _ trouble: RelayTrouble, _ epoch: RelayBreaker.Epoch, at now: ClockReading
    ) -> Opening? {
        if isOneTooMany(trouble, epoch) {
            let open = openCount
            ceiling.refused(beside: open, at: now.steady)
            return .limited(to: open, trouble)
        }
        let isNews = health.connectionFailed(trouble, in: epoch, at: now)
        return isNews ? .failed(trouble) : nil
    }

    /// The relay serves the connections it has, and refuses one more: it is not down.
    private func isOneTooMany(_ trouble: RelayTrouble, _ epoch: RelayBreaker.Epoch) -> Bool {
        guard trouble.kind == .outage, epoch == health.epoch, health.isUp else { return false }
        let isAtTheDoor = trouble.error.stage == .connect || trouble.error.stage == .greeting
        return isAtTheDoor && connections.contains { $0.isUsed && !$0.isQuitting }
    }

    /// Opens as many as the mails that wait can use.
    func open(for mails: Int, at now: ClockReading) {
        let open = openCount
        if open == 0 { ceiling.forget() }
        var opening = dialer.underWay
        let most = wanted(open, at: now.steady).most
        // Beside stragglers one after the other: a relay with a limit may refuse a whole burst, and the one that it
        // would have taken is the others' only way.
        let mails = shares.spared > 0 ? min(mails, 1) : mails
        while open + opening < most, opening < mails, now.steady >= connectAt {
            do throws(SystemError) {
                try dialer.open(epoch: health.started(at: now.steady))
                opening += 1
            } catch {
                return noThread(error, at: now, beside: open + opening)
            }
        }
    }

    private func wanted(_ open: Int, at now: SteadyTime) -> ConnectionsWanted {
        ConnectionsWanted(
            allowed: health.allowance(at: now), limit: limit, ceiling: ceiling.limit(at: now),
            logsIn: logsIn, open: open, spared: shares.spared)
    }

    func mayOpenMore(at now: SteadyTime) -> Bool {
        let open = openCount
        return open + openingCount < wanted(open, at: now).most
    }

    /// The relay takes no more than are open.
    func isAtCeiling(at now: SteadyTime) -> Bool {
        ceiling.limit(at: now).map { openCount >= $0 } ?? false
    }

    /// There is no thread to connect on: those that are open go on; without any it is as if the relay
    /// could not be reached.
    private func noThread(_ error: SystemError, at now: ClockReading, beside open: Int) {
        connectAt = now.steady + .seconds(1)
        guard open == 0 else { return }
        let failure = DeliveryError(stage: .connect, text: "no thread to connect on: \(error)")
        _ = health.connectionFailed(
            RelayTrouble(kind: .outage, error: failure), in: health.epoch, at: now)
    }

    /// Where all connections are open, one that lies idle makes room for a fresh one.
    func openFresh(for mails: Int, at now: ClockReading) {
        let most = health.allowance(at: now.steady) + shares.spared
        if openCount + dialer.underWay >= most, let pooled = connections.first(where: \.isIdle) {
            pooled.quit(at: now.steady)
        }
        open(for: mails, at: now)
    }

    // MARK: Other settings

    /// Takes over other settings; the dialogues under way end as they began.
    ///
    /// - Parameter isOtherWay: Connections that are open, or on their way, are of no use for further mails.
    func adopt(_ settings: EngineSettings, isOtherWay: Bool, at now: ClockReading) {
        limit = settings.connections
        shares.limit = limit
        logsIn = settings.relay.authenticates
        dialer.use(settings.relay)
        pace(settings.rate)
        guard isOtherWay else { return health.limitChanged(to: limit) }
        health.settingsChanged(limit: limit, at: now)
        (knownEpoch, wayChangedIn) = (health.epoch, health.epoch)
        dialer.abandon(before: health.epoch)
        for pooled in connections { pooled.isRetired = true }
        quitIdle(at: now.steady)
        ceiling.forget()
        connectAt = now.steady
    }

    private func pace(_ rate: RateLimit?) {
        guard let rate else { return bucket = nil }
        if bucket == nil { bucket = TokenBucket(rate) } else { bucket?.change(to: rate) }
    }

    // MARK: Closing

    /// The relay has refused our credentials: what is on its way to say them again turns back, and what
    /// logged in before is not proof of them any more.
    func followCredentials() {
        guard health.epoch != knownEpoch else { return }
        knownEpoch = health.epoch
        guard health.trouble?.kind == .credentials else { return }
        dialer.abandon(before: health.epoch)
        for pooled in connections { pooled.isRetired = true }
    }

    /// What was wrong with one connection is likely to be wrong with those beside it.
    func quitIdle(at now: SteadyTime) {
        for pooled in connections where pooled.isIdle { pooled.quit(at: now) }
    }

    /// Connections beyond the limit that are not needed any more.
    func closeSpares(allowed: Int, at now: SteadyTime) {
        var open = openCount
        let most = max(limit, allowed) + shares.spared
        for pooled in connections where pooled.isIdle && open > most {
            pooled.quit(at: now)
            open -= 1
        }
    }

    /// How many connections the relay takes; nil if no limit is known.
    func knownCeiling(at now: SteadyTime) -> Int? { ceiling.limit(at: now) }

    func removeClosed() { connections.removeAll(where: \.isClosed) }

    /// No connection is opened any more.
    func stopDialing() { dialer.stop() }

    /// No thread that opens connections is left.
    var isQuiet: Bool { dialer.isQuiet }
}
