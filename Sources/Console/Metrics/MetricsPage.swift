internal import Delivery
internal import Engine
internal import SQLite
internal import Store

/// `/metrics`, from a state.
struct MetricsPage {
    private let state: ServiceState
    private let metrics: EngineMetrics
    private var text = MetricsText()

    /// - Parameter process: nil where /proc does not tell.
    static func octets(
        of state: ServiceState, process: ProcessFigures?, startTime: Double?
    ) -> [UInt8] {
        var page = MetricsPage(state)
        page.addNotifications()
        page.addDeliveries()
        page.addRelay()
        page.addService()
        page.addDatabase()
        page.addProcess(process, startTime)
        return page.text.octets
    }

    private init(_ state: ServiceState) {
        self.state = state
        metrics = state.metrics
    }

    // MARK: Notifications

    private mutating func addNotifications() {
        text.begin(.notifications)
        for ending in EngineMetrics.Ending.all {
            let (outcome, reason) = Self.words(ending)
            text.sample(
                .notifications, metrics.endings[ending] ?? 0, ("outcome", outcome),
                ("reason", reason))
        }
        one(.ingested, metrics.ingested)
        one(.reopened, metrics.reopened)
        one(.pruned, metrics.pruned)
        text.begin(.waiting)
        if let numbers = state.sample?.numbers {
            for reason in WaitReason.allCases {
                text.sample(.waiting, numbers.waiting[reason] ?? 0, ("reason", reason.rawValue))
            }
        }
        text.begin(.oldestDueAge)
        if let health = state.sample?.health {
            let age = health.dueSince.map { max(.zero, state.now - $0) } ?? .zero
            text.sample(.oldestDueAge, age.inSeconds)
        }
    }

    /// A row that was sent has no reason: the label is empty, which Prometheus takes for none.
    private static func words(_ ending: EngineMetrics.Ending) -> (String, String) {
        switch ending {
        case .sent: (RowState.sent.name, "")
        case .skipped(let reason): (RowState.skipped.name, reason.rawValue)
        case .failed(let reason): (RowState.failed.name, reason.rawValue)
        }
    }

    // MARK: Deliveries

    private mutating func addDeliveries() {
        text.begin(.deliveries)
        for outcome in DeliveryOutcome.allCases {
            for stage in Stage.allCases {
                let count = metrics.deliveries[EngineMetrics.Delivery(outcome, stage)]
                guard count != nil || Self.isUsual(outcome, stage) else { continue }
                text.sample(
                    .deliveries, count ?? 0, ("outcome", outcome.rawValue),
                    ("stage", stage.rawValue))
            }
        }
        text.begin(.uncertain)
        for doubt in EngineMetrics.Doubt.allCases {
            text.sample(.uncertain, metrics.doubts[doubt] ?? 0, ("cause", doubt.rawValue))
        }
        text.begin(.duplicatesPrevented)
        for prevention in EngineMetrics.Prevention.allCases {
            text.sample(
                .duplicatesPrevented, metrics.prevented[prevention] ?? 0,
                ("cause", prevention.rawValue))
        }
        text.begin(.emailsSaved)
        if let numbers = state.sample?.numbers {
            text.sample(.emailsSaved, numbers.savedByRead, ("by", "read"))
            text.sample(.emailsSaved, numbers.savedByCombining, ("by", "combining"))
        }
    }

    /// Shown before it happens: a counter that appears with its first event hides that event from `rate`.
    private static func isUsual(_ outcome: DeliveryOutcome, _ stage: Stage) -> Bool {
        switch outcome {
        case .sent, .uncertain: stage == .final
        case .deferred, .failed: !stage.isBeforeMail && stage != .store
        case .returned: stage != .store
        }
    }

    // MARK: The relay

    private mutating func addRelay() {
        text.begin(.relayUp)
        if let isUp = metrics.isRelayUp ?? relayInDatabase { text.sample(.relayUp, isUp ? 1 : 0) }
        text.begin(.relayDuration)
        for phase in EngineMetrics.Phase.allCases {
            text.histogram(
                .relayDuration, metrics.phases[phase] ?? .times, ("phase", phase.rawValue),
                unit: 1e9)
        }
        text.begin(.lateness)
        text.histogram(.lateness, metrics.lateHeld, ("class", "held"), unit: 1e9)
        text.histogram(.lateness, metrics.lateInstant, ("class", "instant"), unit: 1e9)
    }

    /// Until this process has tried it: what another one, or the last one, knew.
    private var relayInDatabase: Bool? {
        switch state.sample?.health.relay.state {
        case .up: true
        case .down: false
        case .unknown, nil: nil
        }
    }

    // MARK: The service

    private mutating func addService() {
        text.begin(.paused)
        if let health = state.sample?.health {
            text.sample(.paused, health.pausedSince == nil ? 0 : 1)
        }
        text.begin(.restored)
        if let health = state.sample?.health {
            text.sample(.restored, health.restoration == nil ? 0 : 1)
        }
        one(.healthy, ProbeAnswer.health(state).isGood ? 1 : 0)
        text.begin(.rounds)
        text.sample(.rounds, state.storingRounds, ("thread", "storing"))
        text.sample(.rounds, state.sendingRounds, ("thread", "sending"))
        text.begin(.lastRoundAge)
        for (thread, idle) in [("storing", state.storingIdle), ("sending", state.sendingIdle)] {
            if let idle { text.sample(.lastRoundAge, idle.inSeconds, ("thread", thread)) }
        }
        text.begin(.buildInfo)
        text.sample(.buildInfo, 1, ("version", Program.version), ("sqlite", Self.sqliteVersion))
    }

    /// `3.40.1` for 3040001.
    private static let sqliteVersion: String = {
        let number = Connection.libraryVersion
        return "\(number / 1_000_000).\(number / 1_000 % 1_000).\(number % 1_000)"
    }()

    // MARK: The database

    private mutating func addDatabase() {
        let isUp = state.phase == .running && metrics.databaseTrouble == nil
        one(.databaseUp, isUp || state.phase == .stopping ? 1 : 0)
        one(.databaseErrors, metrics.databaseErrors)
        one(.statementFaults, metrics.statementFaults)
        text.begin(.commitDuration)
        text.histogram(.commitDuration, metrics.commits, unit: 1e9)
        text.begin(.batchSize)
        text.histogram(.batchSize, metrics.claimedBatches, ("kind", "claimed"), unit: 1)
        text.histogram(.batchSize, metrics.finishedBatches, ("kind", "finished"), unit: 1)
        text.begin(.walSize)
        if let sample = state.sample { text.sample(.walSize, sample.walBytes) }
        text.begin(.databaseSize)
        if let bytes = state.sample?.databaseBytes { text.sample(.databaseSize, bytes) }
        text.begin(.sampleAge)
        if let age = state.sampleAge { text.sample(.sampleAge, age.inSeconds) }
    }

    // MARK: The process

    private mutating func addProcess(_ process: ProcessFigures?, _ startTime: Double?) {
        guard let process else { return }
        text.begin(.cpu)
        text.sample(.cpu, process.cpuSeconds)
        one(.residentMemory, process.residentBytes)
        one(.virtualMemory, process.virtualBytes)
        if let count = process.openFDs { one(.openFDs, count) }
        if let most = process.maxFDs { one(.maxFDs, most) }
        if let startTime {
            text.begin(.startTime)
            text.sample(.startTime, startTime)
        }
    }

    private mutating func one(_ family: MetricFamily, _ value: Int) {
        text.begin(family)
        text.sample(family, value)
    }
}
