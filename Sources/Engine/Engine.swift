internal import Crash
internal import Delivery
internal import Glibc
package import Service
internal import Store
internal import Synchronization

/// How an engine came to its end.
package enum EngineResult: Sendable, Equatable {
    /// It was asked to.
    case stopped
    /// Nothing due is left, or the limit is reached.
    case drained
    /// The relay can't be reached, and a drain does not wait for it.
    case relayDown
    /// Another relay than usual refuses one mail after the other: what it said.
    case relayRefuses(String)
    /// An operator paused these while a drain ran: helpdesks, "" for everything.
    case paused(Set<String>)
    /// Everything is held since the database was restored, and a drain does not wait.
    case restored
    /// A newer outboxd has upgraded the tables meanwhile: it is that one's turn.
    case newerTables(String)
    /// The database can't be worked with.
    case failed(String)
}

/// Two threads, one that stores and one that sends, and what lies between them.
package final class Engine: Sendable {
    private let settings: EngineSettings
    /// The database's, before symbolic links were followed.
    private let givenPath: String
    /// The latest that were handed to the threads.
    private let standing: Mutex<EngineSettings>
    private let mode: RunMode
    private let observer: EngineObserver
    /// What is counted.
    package let metrics = MetricsBook()
    private let handOff: HandOff
    private let forStoring: EventFD
    private let forSending: EventFD
    private let storing = Heartbeat()
    private let sending = Heartbeat()
    private let outcome = Mutex<EngineResult?>(nil)
    /// Signalled at the end.
    package let finished: EventFD
    private let surroundings = Surroundings()
    private var clock: EngineClock { surroundings.clock }

    package init(
        _ settings: EngineSettings, mode: RunMode = .daemon, observer: @escaping EngineObserver
    ) throws(SystemError) {
        givenPath = settings.database
        self.settings = Self.resolvingPath(settings)
        standing = Mutex(self.settings)
        self.mode = mode
        self.observer = { [metrics] event in
            metrics.note(event)
            if case .measured = event { return }
            observer(event)
        }
        forStoring = try EventFD()
        forSending = try EventFD()
        handOff = HandOff(forStoring: forStoring, forSending: forSending)
        finished = try EventFD()
    }

    /// In-flight journals lie beside the file itself, as the write-ahead log does: whoever opens it through a
    /// symbolic link must find those of the others, or would take living processes for dead.
    private static func resolvingPath(_ settings: EngineSettings) -> EngineSettings {
        var settings = settings
        settings.database = FilePath.resolved(settings.database)
        return settings
    }

    /// Those that count now.
    package var settingsNow: EngineSettings { standing.withLock(\.self) }

    /// nil until the end.
    package var result: EngineResult? { outcome.withLock(\.self) }

    /// Starts the threads and returns; ``finished`` tells of the end.
    package func start() throws(SystemError) {
        _ = try OSThread(name: "store", stackSize: 4 << 20) { [self] in
            let result = runStore()
            outcome.withLock { $0 = result }
            finished.signal()
        }
    }

    /// Begins no dialogue any more, and ends those under way by the deadline.
    package func stop(timeout: Duration) {
        handOff.stop(by: clock.steadyNow() + timeout)
    }

    /// Takes over other settings while mails are under way, which end as they began.
    ///
    /// The database and the lease stay what they were.
    ///
    /// - Parameter hasOtherFiles: A file that the settings name holds something else than before.
    /// - Returns: what counts from now on.
    @discardableResult
    package func change(to settings: EngineSettings, hasOtherFiles: Bool) -> EngineSettings {
        let most = Self.mostConnections(after: self.settings)
        return standing.withLock { standing in
            let change = SettingsChange(
                to: settings, from: standing, hasOtherFiles: hasOtherFiles, mostConnections: most)
            standing = change.settings
            handOff.change(change)
            return standing
        }
    }

    /// How many connections an engine that was made with these may have later: its in-flight journal can't
    /// grow while mails are under way, but has room for more copies than there are connections.
    package static func mostConnections(after settings: EngineSettings) -> Int {
        let areas = JournalLayout(connections: settings.connections).areaCount
        return max(settings.connections, areas - Stragglers.mostParked)
    }

    /// Whether both threads have been seen at work lately.
    ///
    /// Neither ever waits for long in one place, but for a lock that another process has on the
    /// database; that wait counts as life.
    package func isAlive(within limit: Duration) -> Bool {
        let now = clock.steadyNow()
        return [storing, sending].allSatisfy { ($0.age(at: now) ?? .zero) < limit }
    }

    /// How long ago each thread was last seen at work; nil before it was.
    package var idleTimes: (storing: Duration?, sending: Duration?) {
        let now = clock.steadyNow()
        return (storing.age(at: now), sending.age(at: now))
    }

    /// How many rounds the two threads have made.
    package var rounds: (storing: Int, sending: Int) { (storing.rounds, sending.rounds) }

    // MARK: The storing thread

    private func runStore() -> EngineResult {
        do {
            return try withStore()
        } catch let error as any StoreFailure where error.isBusy && handOff.stopBy != nil {
            return .stopped  // Asked to stop before it could begin.
        } catch let error as SystemError where error.isLackOfSpace && handOff.stopBy != nil {
            return .stopped
        } catch let error as StoreError {
            guard case .tooNew = error else { return .failed("\(error)") }
            return .newerTables("\(error)")
        } catch {
            return .failed("\(error)")
        }
    }

    private func withStore() throws -> EngineResult {
        ProcessMemory.returnLargeBlocks()
        let bootID = SystemClock.bootID ?? "unknown \(UInt64.random(in: .min ... .max))"
        let database = surroundings.database(settings.database, givenPath)
        let store = try database.openStore(whileBusy: patience())
        let journal = try makeJournal(bootID: bootID)
        CrashPoint.journalMade.pass()
        let loop = try StoringLoop(
            settings, mode: mode, handOff: handOff, journal: journal,
            store: store, bootID: bootID, heartbeat: storing,
            surroundings: surroundings, observer: observer)
        let sendingThread = try startSending(
            journal, database.openCheck(ignoredPauses: loop.progress.pausesAtStart))
        let result: Result<EngineResult, any Error>
        do {
            var driver = StoringDriver(loop, signal: forStoring)
            result = .success(try driver.run())
        } catch {
            result = .failure(error)
        }
        handOff.stop(by: clock.steadyNow() + timeToEnd(after: result))
        sendingThread.join()
        let isDone = try loop.finishUp(after: result)
        if isDone { journal.remove() }
        CrashPoint.journalRemoved.pass(if: isDone)
        return try end(result, isDone: isDone || loop.hand.count == 0)
    }

    /// Newer tables cut no dialogue short: its reply stands in the in-flight journal, from which the newer outboxd
    /// writes it down.
    private func timeToEnd(after result: Result<EngineResult, any Error>) -> Duration {
        result.isAboutNewerTables ? settings.stopTimeout : .zero
    }

    /// A lock that another process kept until we had to stop is no failure of ours, where it left
    /// nothing unrecorded.
    private func end(
        _ result: Result<EngineResult, any Error>, isDone: Bool
    ) throws -> EngineResult {
        if case .failure(let error as any StoreFailure) = result, error.isBusy, isDone,
            handOff.stopBy != nil
        {
            return .stopped
        }
        return try result.get()
    }

    /// A full disk is waited for, as it is later on; a drain ends with it.
    private func makeJournal(bootID: String) throws -> InFlightJournal {
        var isWaiting = false
        while true {
            do throws(SystemError) {
                let journal = try surroundings.journals(settings.database).create(
                    connections: settings.connections, bootID: bootID, lease: settings.lease)
                if isWaiting { observer(.storeRecovered) }
                return journal
            } catch {
                guard error.isLackOfSpace, !mode.isDrain, handOff.stopBy == nil else {
                    throw error
                }
                if !isWaiting { observer(.storeTrouble("\(error)")) }
                isWaiting = true
                storing.beat(clock.steadyNow())
                usleep(200_000)
            }
        }
    }

    private func startSending(
        _ journal: InFlightJournal, _ check: any PreSendCheck
    ) throws -> OSThread {
        // Opened by the storing thread, so that its failure is the start's; used over there alone.
        nonisolated(unsafe) let check = check
        return try OSThread(name: "send", stackSize: 4 << 20) { [self] in
            let loop = SendingLoop(
                settings, handOff: handOff, journal: journal, check: check,
                heartbeat: sending, isOtherRelay: mode.isOtherRelay,
                surroundings: surroundings, observer: observer)
            var driver = SendingDriver(loop, signal: forSending)
            driver.run()
        }
    }

    /// Another process's transaction is waited for as long as it takes: it is only slow.
    ///
    /// Told now and then, and given up only when we are to stop.
    private func patience() -> (Duration) -> Bool {
        let news = Mutex(LockNews())
        return { [self] waited in
            storing.beat(clock.steadyNow())
            if news.withLock({ $0.isToTell(waited) }) {
                observer(.waitingForLock(waited, LockHolder(ofDatabase: settings.database)))
            }
            guard let stopBy = handOff.stopBy else { return true }
            return clock.steadyNow() < stopBy
        }
    }
}
