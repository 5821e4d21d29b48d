internal import Delivery
internal import Engine
internal import Service

/// All that a scrape or a probe is answered from: a copy of numbers, and no question to the database.
struct ServiceState {
    enum Phase: Equatable {
        /// For the database, with what is missing.
        case waiting(String)
        case running
        case stopping
    }

    var phase = Phase.waiting("starting")
    var metrics = EngineMetrics()
    /// Since each thread's last round; nil before its first.
    var storingIdle: Duration?
    var sendingIdle: Duration?
    /// As long as the storing thread may sleep with nothing to do: `OUTBOXD_POLL_INTERVAL`.
    ///
    /// The sending one wakes each second.
    var storingRest: Duration = .zero
    var storingRounds = 0
    var sendingRounds = 0
    /// nil before the first one.
    var sample: DatabaseSample?
    /// Why the last sample could not be taken.
    var sampleError: String?
    /// Since the last sample was taken, or should have been.
    var sampleAge: Duration?
    /// Since a mail was last attempted here or a row ended, or since the start; nil while it does not run.
    var unmoved: Duration?
    var now = WallTime(milliseconds: 0)
}

/// What a probe is told.
///
/// | | `/healthz` | `/readyz` |
/// |---|---|---|
/// | it waits for the database or its tables | 200 | 503 |
/// | it stops | 200 | 503 |
/// | a thread has made no round for 20 s, or the storing one for that and its sleep | 503 | 503 |
/// | the database can't be used | 503 | 503 |
/// | the database can't be read, or has not been for a minute | 503 | 200 |
/// | mail is due for 5 min, none is taken up, and none has moved here for 5 min | 503 | 200 |
/// | the relay is down or silent; everything is paused, or held since the database was restored | 200 | 200 |
///
/// A restart mends nothing of what is 200 here: whoever restarts what is unhealthy must not be told of it.
struct ProbeAnswer: Equatable {
    var isGood: Bool
    /// The cause, or what else is to be known; a line.
    var text: String

    static let patience: Duration = .seconds(20)
    static let longestSampleAge: Duration = .seconds(60)

    /// `/healthz`.
    static func health(_ state: ServiceState) -> ProbeAnswer {
        switch state.phase {
        case .waiting(let text): return good("healthy: waiting for the database: \(text)")
        case .stopping: return good("healthy: stopping")
        case .running: break
        }
        if let trouble = trouble(state) { return trouble }
        if let error = state.sampleError { return bad("the database can't be read: \(error)") }
        if let age = state.sampleAge, age > longestSampleAge {
            return bad("the database has not been read for \(TimeText.length(age))")
        }
        guard let sample = state.sample else { return good("healthy") }
        let verdict = HealthVerdict(sample.health, processes: 1, now: state.now)
        switch verdict.cause {
        case nil: return good(verdict.text)
        case .stuck where sample.isStuck && (state.unmoved ?? .zero) > HealthVerdict.patience:
            return bad(verdict.text)
        case .stuck: return good("healthy: mail moves")
        case .noProcess: return bad(verdict.text)
        case .database, .paused, .relay, .silent, .restored:
            return good("healthy, and a restart would not help: \(verdict.text)")
        }
    }

    /// `/readyz`.
    static func readiness(_ state: ServiceState) -> ProbeAnswer {
        switch state.phase {
        case .waiting(let text): return bad("waiting for the database: \(text)")
        case .stopping: return bad("stopping")
        case .running: break
        }
        if let trouble = trouble(state) { return trouble }
        if state.storingIdle == nil || state.sendingIdle == nil { return bad("starting") }
        return good("ready: the database is open, its tables are there")
    }

    /// What keeps both from being good.
    private static func trouble(_ state: ServiceState) -> ProbeAnswer? {
        for (thread, idle, rest) in [
            ("storing", state.storingIdle, state.storingRest),
            ("sending", state.sendingIdle, .zero),
        ] {
            guard let idle, idle >= patience + rest else { continue }
            return bad("the \(thread) thread has made no round for \(TimeText.length(idle))")
        }
        return state.metrics.databaseTrouble.map {
            bad("the database can't be used, and nothing is sent meanwhile: \($0)")
        }
    }

    private static func good(_ text: String) -> ProbeAnswer {
        ProbeAnswer(isGood: true, text: Escaping.printable(text, limit: 1_024))
    }

    private static func bad(_ text: String) -> ProbeAnswer {
        ProbeAnswer(isGood: false, text: Escaping.printable(text, limit: 1_024))
    }
}
