internal import CLinux
internal import Crash
internal import Delivery
internal import Glibc
internal import Mail
internal import SMTP
internal import Service
internal import Store

/// The storing thread: owns the connection to the database that writes, and decides what is sent next.
///
/// The core of a round is one transaction (`work()`): it writes down what became of mails, ingests new rows,
/// and claims as many mails as the sending thread can take. What came in during one commit is the next one's
/// batch. Around it lie maintenance, suppressions and the review, in short transactions of their own. ``StoringDriver`` waits between the rounds.
final class StoringLoop {
    private(set) var settings: EngineSettings
    /// The hold is another than the one that the waiting rows follow.
    var isHoldNew = false
    let mode: RunMode
    let handOff: HandOff
    let journal: InFlightJournal
    let journals: any Journals
    let store: any OutboxStore
    let observer: EngineObserver
    let heartbeat: Heartbeat
    let clock: EngineClock
    let bootID: String
    let instance: Instance
    let watch: CommitWatch?
    let zones = ZoneBook()
    let batches: Batches
    let letterheads = LetterheadBook(toASCII: IDNA.asciiDomain)

    var hand: WorkInHand
    var relay = RelayReports()
    var lease: Lease
    var timekeeper: ClockFollower
    var progress: DrainProgress
    /// What a drain was told to send; nil is everything.
    var picks: Picks?
    /// Chosen rows that were asked in vain whether they have no part in what the relay refuses.
    var examined = 0
    /// How many mails of it were told.
    var chosenTold: Int?
    var awaitedLook = Interval()
    /// Something has changed that waiting rows may depend on.
    var isPickLookWanted = false
    var pickLook = Interval()
    var trouble = StoreTrouble()
    var review = ReviewState()
    var maintenance = Maintenance()
    var faultNews = FaultNews()
    var pruning = PruneSchedule()
    var pruneNews = PruneNews()
    /// How many rows `status` tells as kept from pruning; nil: it is not known.
    var keptNoted: Int?
    /// Nothing came of the last claims although something was due: no tight loop over them.
    var fruitless = FruitlessClaims()
    var lockShare = LockShare()
    var commitPace = CommitPace()
    var rebounds = Rebounds()
    /// When an operator last wanted the relay to be tried.
    private var probeWish: WallTime?
    private var isProbeWishKnown = false
    var ownCommits = OwnCommits()
    /// Another process has committed since the last round.
    var hasChanged = true
    private var hasLooked = false
    /// A burst that may have begun is not looked at yet.
    private var isBurstNew = true
    /// An instant row came while the lock was left to others: the next transaction is a short one.
    private(set) var isUrgent = false
    var mayHaveMoreRows = true
    /// When mails were last claimed, or we began.
    var claimedAt: SteadyTime
    var generator: EngineRandom

    init(
        _ settings: EngineSettings, mode: RunMode, handOff: HandOff, journal: InFlightJournal,
        store: any OutboxStore, bootID: String, heartbeat: Heartbeat,
        surroundings: Surroundings, observer: @escaping EngineObserver
    ) throws {
        clock = surroundings.clock
        claimedAt = clock.steadyNow()
        generator = surroundings.random
        journals = surroundings.journals(settings.database)
        batches = surroundings.batches
        hand = WorkInHand(octets: batches.octets)
        self.settings = settings
        self.mode = mode
        self.handOff = handOff
        self.journal = journal
        self.store = store
        self.bootID = bootID
        self.heartbeat = heartbeat
        self.observer = observer
        instance = try store.register(
            journalFile: journal.name, bootID: bootID, processID: getpid(), at: clock.wallNow())
        CrashPoint.registered.pass()
        lease = Lease(length: settings.lease)
        timekeeper = ClockFollower(bootID: bootID)
        progress = DrainProgress(pausesAtStart: mode.isDrain ? try store.operatorPauses() : [:])
        picks = mode.rows.map { Picks($0, ignoresHold: mode.ignoresHold) }
        watch = surroundings.watchesCommits ? Self.watch(settings.database, observer) : nil
        tellSenders()
    }

    private func tellSenders() {
        store.senderOf = { [settings] in ClaimRules.senderName(of: $0, settings) }
    }

    private static func watch(
        _ database: String, _ observer: EngineObserver
    ) -> CommitWatch? {
        do throws(SystemError) {
            return try CommitWatch(database: database)
        } catch {
            observer(.unwatched("\(error)"))
            return nil
        }
    }

    // MARK: Turns

    /// What the loop does next.
    enum Next {
        /// Leave the write lock free for so long, but look after ``LockShare/look`` whether an instant row has come; no
        /// signal cuts it short.
        case leaveLock(for: Duration)
        /// Another turn after a signal or a commit, or when the time has passed.
        case wait(Duration)
        case end(EngineResult)
    }

    /// Once, before the first turn.
    func begin() throws {
        try followHoldAtStart()
        try settleEpoch(isRunning: false)
        try store.takeUpLeftAlone(at: clock.wallNow())
        let ignored = progress.ignoredPauses
        if !ignored.isEmpty { observer(.actsThroughPauses(ignored.sorted())) }
    }

    /// Runs one round; only SQLite may make it wait, for the disk or for another process's lock.
    ///
    /// - Throws: what the engine can't go on after.
    func turn() throws -> Next {
        let now = clock.steadyNow()
        heartbeat.beat(now)
        do {
            let pause = try pauseWithoutLock(at: now)
            if pause > .zero { return .leaveLock(for: pause) }
            try tryRound()
        } catch {
            try roundFailed(error)
        }
        if let end = ending() { return .end(end) }
        return .wait(timeout())
    }

    /// Nothing is tried while the database's trouble is waited out: what wakes us meanwhile is taken
    /// note of, no more.
    private func tryRound() throws {
        handOff.forStoring.drain()
        let now = clock.steadyNow()
        watch?.drain(at: now)
        takeResults()
        takeSettings()
        timekeeper.look(at: clock.now())
        if let retryAt = trouble.retryAt, now < retryAt, !isTimeUp(at: now) { return }
        let changes = store.changeCount
        try round(at: now)
        if store.changeCount != changes { noteOwnWrite() }
        try endTrouble()
    }

    private func round(at now: SteadyTime) throws {
        try followClock()
        try followHold()
        try lookForCommits(at: now)
        if mode.isDrain, hasChanged { try followPauses(at: now) }
        try maintain(at: now)
        handOff.leaseStands(until: lease.until)
        try lookAtPicks()
        try lookAhead(until: clock.steadyNow() + (isBurstNew ? Self.longLook : Self.shortLook))
        isBurstNew = !store.isInBurst
        try work()
        isUrgent = false
        try noteUnrecorded()
        tellMoreFaults(at: now)
        for fault in try store.writeSuppressions(at: clock.wallNow()) { tell(fault) }
        try reviewStep()
        try pruneStep()
        try copyLogBack()
    }

    /// - Returns: whether another process has committed since the last look.
    @discardableResult
    private func lookForCommits(at now: SteadyTime) throws -> Bool {
        // The first look finds what was committed before we began.
        defer { hasLooked = true }
        guard try store.othersHaveCommitted() else { return false }
        hasChanged = true
        if hasLooked { lockShare.othersCommitted(at: now) }
        watch?.settled(at: now)
        try followProbeWish()
        return true
    }

    /// Reading needs no lock, so it takes the place of the pause as far as there is something to read.
    private func pauseWithoutLock(at now: SteadyTime) throws -> Duration {
        let pause = lockShare.pause(isUrgent: isUrgent, at: now)
        guard pause > .zero, trouble.since == nil else { return pause }
        if try !isUrgent && lookForCommits(at: now) { isUrgent = try store.hasNewInstantRow() }
        try lookAhead(until: now + lockShare.pause(isUrgent: isUrgent, at: now))
        return lockShare.pause(isUrgent: isUrgent, at: clock.steadyNow())
    }

    /// Until it is known whose rows came in a burst, another helpdesk's instant row may be behind 100,000 others.
    private static let longLook: Duration = .milliseconds(50)
    private static let shortLook: Duration = .milliseconds(10)

    private func lookAhead(until end: SteadyTime) throws {
        var looks = 0
        let hasInstant = try store.lookAhead {
            looks += 1
            return looks <= batches.looks && clock.steadyNow() < end
        }
        if hasInstant { isUrgent = true }
    }

    /// A checkpoint may keep the write lock as a transaction does.
    private func copyLogBack() throws {
        let start = clock.steadyNow()
        let didWork = try store.maintain(
            isBusy: hand.count > 0 || !hand.hasNoResults, isShared: lockShare.isShared(at: start),
            at: start)
        guard didWork else { return }
        noteOwnWrite()
        lockShare.held(from: start, to: clock.steadyNow())
    }

    /// `outboxd probe`: one that is older than this process is another's.
    private func followProbeWish() throws {
        let wanted = try store.probeWanted()
        if let wanted, wanted != probeWish, isProbeWishKnown { handOff.wantProbe() }
        (probeWish, isProbeWishKnown) = (wanted, true)
    }

    /// A drain acts through pauses that stood when it began; a later one stops it.
    private func followPauses(at now: SteadyTime) throws {
        let isHeld = try store.isHeldAsRestored()
        if isHeld { progress.isHeldAsRestored = true }
        if try progress.follow(store.operatorPauses()) || isHeld {
            handOff.stop(by: now + settings.stopTimeout)
        }
    }

    private func takeSettings() {
        guard let settings = handOff.takeSettings() else { return }
        isHoldNew = isHoldNew || settings.hold != self.settings.hold
        if settings.retention != self.settings.retention { pruning.hasten() }
        self.settings = settings
        tellSenders()
        // Rows may be due by them, or have a sender now.
        hasChanged = true
        review.want()
    }

    private func takeResults() {
        let (fresh, reports) = handOff.takeResults()
        hand.add(setAsideRefusals(fresh))
        hand.addDue(at: clock.steadyNow())
        relay.add(reports)
    }

    /// What the engine ends with; nil while it goes on.
    private func ending() -> EngineResult? {
        guard hand.hasNoResults, relay.isEmpty else { return nil }
        if handOff.isSendingOver {
            if progress.isHeldAsRestored { return .restored }
            return progress.newPauses.isEmpty ? .stopped : .paused(progress.newPauses)
        }
        guard trouble.since == nil else { return nil }
        guard mode.isDrain, handOff.stopBy == nil else { return nil }
        if let refusal = progress.setAside.refusal { return .relayRefuses(refusal) }
        guard hand.count == hand.unrecordedCount + progress.setAside.results.count else {
            return nil
        }
        do {
            return try drainEnd()
        } catch {
            return nil  // The next round finds the same, and says so.
        }
    }

    private func drainEnd() throws -> EngineResult? {
        if try store.isHeldAsRestored() { return .restored }
        if hand.unrecordedCount > 0 {
            guard hand.mostFailures >= 3 else { return nil }
            return .failed("what became of \(hand.unrecordedCount) mails could not be written down")
        }
        if let limit = mode.limit, progress.attempted >= limit { return .drained }
        if relay.isDown, !mode.waitsForDeferred {
            return isInnocentDue(handOff.demand) ? nil : .relayDown
        }
        if let refusal = progress.setAside.latestText, !hand.hasRoom {
            return .relayRefuses(refusal)
        }
        if progress.isLookingAgain(at: clock.steadyNow()) { return nil }
        if picks != nil { return arePicksThrough() ? .drained : nil }
        var request = claimRequest(Capacity(mails: 1))
        request.crowded = []
        guard try !store.hasNewRows(), try !store.hasUnread(at: request.now),
            try !store.hasDue(request)
        else { return nil }
        return try mode.waitsForDeferred && store.hasDeferred(orForSender: false) ? nil : .drained
    }
}
