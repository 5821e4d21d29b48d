import Delivery
import Mail
import SMTP
import SQLite
import Service
import Store
import Synchronization
import TestSupport

@testable import Engine

/// Processes of outboxd, an API server, an operator, a relay and a machine in virtual time, over SQLite on a
/// ``MemoryDisk``: what a ``Plan`` says happens to them, and a ``Ledger`` looks on.
///
/// One thread runs all of it, so the same plan gives the same run.
final class World {
    let plan: Plan
    let clock = VirtualClock(began: WallTime(milliseconds: 1_900_000_000_000))
    var server: Connection
    let relay: VirtualRelay
    let ledger: Ledger
    let settings: EngineSettings
    var processes: [VirtualProcess] = []
    let mood: MoodyRelay
    let disk = Disk()
    /// Everything that happened, in order, as one number.
    let log: EventLog
    let journals = VirtualJournals()
    let epochNote = VirtualEpochNote()
    /// Of the power failure that is to come, or has been.
    let power: PowerFailure?
    /// Of the disk's calls, that is to come or has been.
    let breakage: DiskBreakage?
    var boots = 1
    var encounters = Encounters()
    private let directory: TemporaryDirectory
    private var lastVersion: Int64 = -1
    private(set) var turns = 0
    private var lifelines: [Lifeline] = []
    /// Daemons that a supervisor starts again, and when.
    private var restarts: [SteadyTime] = []

    init(
        _ plan: Plan, power: PowerFailure? = nil, breakage: DiskBreakage? = nil,
        keepsLines: Bool = false
    ) throws {
        self.plan = plan
        self.power = power
        self.breakage = breakage
        log = EventLog(keepsLines: keepsLines)
        directory = try TemporaryDirectory()
        let path = directory.file("outbox.db")
        // What lies there is ``MemoryDisk``'s; outboxd wants to see a file.
        try directory.write("", to: "outbox.db")
        let disk = MemoryDisk.shared
        disk.clear()
        let random = VirtualRandom(seed: plan.seed)
        disk.randomness = random.next
        disk.now = { [clock] in clock.wallNow().milliseconds }
        _ = try Database.migrate(path: path)
        server = try Connection(path: path, mode: .readWrite)
        if power == nil, breakage == nil { try server.execute("PRAGMA synchronous = OFF") }
        let options = plan.options
        var settings = EngineSettings(
            database: path,
            relay: ConnectionSettings(
                host: "relay.test", port: 25, tls: .none, ehloName: "test.example"),
            connections: options.connections,
            from: try Mailbox(parsing: "Acme <support@acme.test>"),
            hold: HoldPolicy(hold: options.hold), pollInterval: options.pollInterval,
            retry: RetryPolicy(base: options.retryBase, cap: options.retryCap),
            lease: options.lease)
        settings.expiry = Expiry(after: options.expiry)
        settings.onUncertain = options.resendsUncertain ? .resend : .hold
        settings.retention = options.retention.map(Retention.init(length:))
        self.settings = settings
        let mood = MoodyRelay(seed: plan.seed)
        self.mood = mood
        relay = VirtualRelay(
            clock: EngineClock(clock), isPipelined: options.isPipelined, keepsCommands: false
        ) { command, sender, _ in mood.answer(command, about: sender) }
        ledger = Ledger(options: options, clock: clock, relay: relay)
        try prepareHelpdesks()
        disk.countsJournal = power != nil
        disk.powerFailsAt = power.map { disk.changes + $0.at }
        disk.breakage = breakage.map { breakage in
            var later = breakage
            later.at += breakage.kind == .unreadable ? disk.reads : disk.changes
            return later
        }
    }

    /// - Throws: ``Violation``.
    func run() throws {
        for _ in 0..<plan.options.daemons { try start(.daemon) }
        for step in plan.steps {
            try run(until: VirtualClock.start + step.at)
            log.add("\(TimeText.seconds(step.at)) \(step.action)")
            try carryOutDespiteTheDisk(step.action)
            try look()
        }
        try run(until: VirtualClock.start + plan.options.length)
        try settle()
    }

    /// Nothing goes on in it, and nothing of it stays in memory.
    func end() {
        for lifeline in lifelines { lifeline.forgetPreemption() }
        processes = []
    }

    // MARK: Processes

    func start(_ mode: RunMode) throws {
        let number = ledger.processes.count
        let lifeline = Lifeline(number)
        lifelines.append(lifeline)
        ledger.processes.append(mode)
        do {
            let process = try VirtualProcess(
                settings, mode: mode, lifeline: lifeline, journals: journals, epochNote: epochNote,
                relay: relay,
                clock: EngineClock(clock),
                random: EngineRandom(VirtualRandom(seed: plan.seed &+ UInt64(number))),
                batches: plan.options.batches,
                firstToken: Int64(1 + number * 1_000_000), bootID: "boot \(boots)",
                isDurable: power != nil || breakage != nil,
                commit: { [disk, clock] in try disk.check($0, at: clock.steadyNow()) },
                observer: { [log] in log.add($0) })
            processes.append(process)
        } catch is Lifeline.Died {
            restartLater(mode)
        } catch  where MemoryDisk.shared.isDark {
            restartLater(mode)
        } catch  where breakage != nil || !disk.isWell(at: clock.steadyNow()) {
            log.add("not started: \(error)")
            restartLater(mode)
        }
    }

    private func restartLater(_ mode: RunMode) {
        guard !mode.isDrain else { return }
        restarts.append(clock.steadyNow() + .seconds(5))
    }

    var living: [VirtualProcess] { processes.filter { !$0.lifeline.isCut } }
    var running: [VirtualProcess] { living.filter { !$0.isPreempted } }
    /// Came up while others ran in the middle of a turn.
    private var late: (any Error)?

    /// Lets the others run for so long in the middle of its turn.
    func preempt(
        _ process: VirtualProcess, after points: Int, for time: Duration, meanwhile: [Action]
    ) {
        nonisolated(unsafe) let (world, process) = (self, process)
        process.lifeline.preempt(after: points) { point in
            let began = world.clock.steadyNow()
            process.isPreempted = true
            do {
                try world.pass(time, meanwhile)
            } catch {
                world.late = world.late ?? error
            }
            process.isPreempted = false
            // It has looked at the clock and the tables, and sends: what comes between, no program can see.
            return [.send, .slot(.announce)].contains(point) ? began : nil
        }
    }

    private func pass(_ time: Duration, _ actions: [Action]) throws {
        let began = clock.steadyNow()
        for (place, action) in actions.enumerated() {
            try run(until: began + time * (place + 1) / (actions.count + 1))
            log.add("meanwhile \(action)")
            do {
                try carryOut(action)
            } catch let error as SQLiteError where error.isBusy {
                // It was stopped while it held the write lock.
                log.add("busy")
            }
            try look()
        }
        try run(until: began + time)
    }

    // MARK: Time

    /// Lets the time go by, in jumps from one thing that happens to the next.
    func run(until end: SteadyTime) throws {
        while true {
            var turnsNow = 0
            while try turn() {
                turns += 1
                turnsNow += 1
                // Time stands still: a loop that always has something to do would turn for ever.
                guard turnsNow < 50_000 else { throw Violation(.spinning, "at \(clock.wallNow())") }
            }
            let next = (running.map(\.nextAt) + restarts).min() ?? end
            clock.advance(by: max(.zero, min(next, end) - clock.steadyNow()))
            if clock.steadyNow() >= end { return }
        }
    }

    /// - Returns: false if all processes wait.
    private func turn() throws -> Bool {
        let now = clock.steadyNow()
        if let due = restarts.firstIndex(where: { $0 <= now }) {
            restarts.remove(at: due)
            try start(.daemon)
            return true
        }
        for process in processes where !process.lifeline.isCut {
            var hasTurned = false
            do {
                hasTurned = try process.turn()
            } catch is Lifeline.Died {
                hasTurned = true
            }
            if let late { throw late }
            if MemoryDisk.shared.isDark {
                try powerIsBack()
                return true
            }
            guard hasTurned else { continue }
            try look()
            if process.lifeline.isCut { over(process) }
            return true
        }
        return false
    }

    private func over(_ process: VirtualProcess) {
        log.add("process \(process.lifeline.number) is over")
        processes.removeAll { $0 === process }
        // systemd starts a daemon again, unless it was asked to stop.
        if case .success(.stopped)? = process.end { return }
        restartLater(process.mode)
    }

    // MARK: Looking

    /// After every turn and every step of the plan.
    private func look() throws {
        MemoryDisk.shared.isLookedAt = true
        defer { MemoryDisk.shared.isLookedAt = false }
        for delivery in relay.takeDeliveries() {
            log.add("\(delivery.process) \(delivery.recipient) \(delivery.isAccepted)")
            log.add(
                delivery.message,
                shown: Ledger.tokens(in: delivery.message).map { "tok\($0)z" }
                    .joined(separator: " "))
            try ledger.note(delivery, server)
        }
        try ledger.checkInnocents()
        // One that stands still in the middle of a turn holds its own state.
        for process in running { try process.checkIsBounded() }
        let version = try server.dataVersion()
        guard version != lastVersion else { return }
        lastVersion = version
        try ledger.compare(server)
    }
}
