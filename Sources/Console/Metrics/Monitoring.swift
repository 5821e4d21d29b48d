internal import Delivery
internal import Engine
internal import Service
internal import Synchronization

/// What watches a daemon gets to see: `OUTBOXD_METRICS_LISTEN` and `OUTBOXD_METRICS_FILE`.
///
/// Two threads, neither of which delivers anything: one answers (``HTTPServer``), from memory; the other reads the
/// database every five seconds and writes the file. Without either setting there is none.
final class Monitoring: Sendable {
    private struct State {
        var phase = ServiceState.Phase.waiting("starting")
        var engine: Engine?
        var sample: DatabaseSample?
        var sampleError: String?
        /// When the daemon began to work: the first sample is due then.
        var since: SteadyTime?
        var isOver = false
    }

    private let state = Mutex(State())
    private let address: ListenAddress?
    private let file: MetricsFile?
    private let database: String
    private let log: Log
    private let clock = SystemClock()
    private let startTime: Double?
    private let storingRest: Duration
    private let wake: EventFD
    /// Signalled when the database has been closed.
    private let closed: EventFD
    private let server = Mutex<HTTPServer?>(nil)
    private let thread = Mutex<OSThread?>(nil)

    private static let samplePause: Duration = .seconds(5)
    private static let filePause: Duration = .seconds(15)

    init(_ settings: Settings, log: Log) throws(SystemError) {
        address = settings.metricsListen
        let database = FilePath.resolved(settings.database)
        self.database = database
        file = settings.metricsFile.map {
            MetricsFile(path: FilePath.absolute($0), database: database)
        }
        storingRest = settings.pollInterval
        self.log = log
        wake = try EventFD()
        closed = try EventFD()
        startTime = ProcessFigures()?.startTime(
            wall: clock.wallNow(), sinceBoot: clock.steadyNow())
    }

    // MARK: Beginning and end

    /// After the signals are blocked, so that no thread of ours gets one.
    func start() throws(SystemError) {
        guard address != nil || file != nil else { return }
        if let address { try serve(address) }
        let started = try OSThread(name: "sample") { [self] in watch() }
        thread.withLock { $0 = started }
    }

    private func serve(_ address: ListenAddress) throws(SystemError) {
        let started = try HTTPServer(address, tell: { [log] in Self.tell($0, address, log) }) {
            [self] request in
            answer(request)
        }
        try started.start()
        server.withLock { $0 = started }
    }

    private static func tell(_ event: HTTPServer.Event, _ address: ListenAddress, _ log: Log) {
        switch event {
        case .listening:
            log.log(.metricsServed, ["url": "http://\(address)/metrics"])
        case .cannotListen(let error):
            log.log(
                .metricsNotServed,
                ["address": "\(address)", "error": "\(error)"])
        }
    }

    /// The database is not there yet, or lacks its tables.
    func waits(_ text: String) { state.withLock { $0.phase = .waiting(text) } }

    func runs(_ engine: Engine) {
        state.withLock { state in
            state.phase = .running
            state.engine = engine
            state.since = clock.steadyNow()
        }
        wake.signal()
    }

    /// Before the engine is stopped: who closes the database last takes the write-ahead log away, and that has to
    /// be the engine, since we may only read.
    func stops() {
        state.withLock { $0.phase = .stopping }
        wake.signal()
        if thread.withLock({ $0 != nil }) { _ = closed.wait(timeout: .milliseconds(500)) }
    }

    /// The last numbers are in the file when this returns.
    func end() {
        state.withLock { state in
            state.phase = .stopping
            state.isOver = true
        }
        wake.signal()
        thread.withLock(\.self)?.join()
        server.withLock(\.self)?.stop()
    }

    // MARK: Answers

    private func answer(_ request: HTTPRequest) -> HTTPResponse {
        let response: HTTPResponse
        switch request.path {
        case "/metrics":
            response = HTTPResponse(.ok, contentType: MetricsText.contentType, content: page())
        case "/healthz": response = Self.response(ProbeAnswer.health(current()))
        case "/readyz": response = Self.response(ProbeAnswer.readiness(current()))
        default:
            return HTTPResponse(.notFound, "there are /metrics, /healthz and /readyz")
        }
        guard request.method == "GET" || request.isHead else {
            return HTTPResponse(.methodNotAllowed, "GET and HEAD are answered here")
        }
        return response
    }

    private static func response(_ answer: ProbeAnswer) -> HTTPResponse {
        HTTPResponse(answer.isGood ? .ok : .unavailable, answer.text)
    }

    private func page() -> [UInt8] {
        MetricsPage.octets(of: current(), process: ProcessFigures(), startTime: startTime)
    }

    private func current() -> ServiceState {
        let (now, kept) = (clock.steadyNow(), state.withLock(\.self))
        var current = ServiceState(phase: kept.phase, now: clock.wallNow())
        current.sample = kept.sample
        current.sampleError = kept.sampleError
        current.sampleAge = (kept.sample?.takenAt ?? kept.since).map { now - $0 }
        current.storingRest = storingRest
        guard let engine = kept.engine else { return current }
        current.metrics = engine.metrics.snapshot
        current.unmoved = (current.metrics.movedAt ?? kept.since).map { now - $0 }
        (current.storingIdle, current.sendingIdle) = engine.idleTimes
        (current.storingRounds, current.sendingRounds) = engine.rounds
        return current
    }

    // MARK: The thread that samples

    private func watch() {
        let sampler = DatabaseSampler(path: database)
        var isFileTold = false
        file?.removeOldDrafts()
        var fileAt = clock.steadyNow()
        while true {
            let kept = state.withLock(\.self)
            switch kept.phase {
            case .waiting: break
            case .running: take(sampler)
            case .stopping:
                sampler.close()
                closed.signal()
            }
            if let file, kept.isOver || fileAt <= clock.steadyNow() {
                fileAt = clock.steadyNow() + Self.filePause
                write(file, &isFileTold)
            }
            if kept.isOver { return }
            _ = wake.wait(timeout: Self.samplePause)
            wake.drain()
        }
    }

    private func take(_ sampler: DatabaseSampler) {
        do {
            let sample = try sampler.sample()
            state.withLock { state in
                state.sample = sample
                state.sampleError = nil
            }
        } catch {
            state.withLock { $0.sampleError = "\(error)" }
        }
    }

    /// A file that can't be written is told once, and once more when it can be again.
    private func write(_ file: MetricsFile, _ isTold: inout Bool) {
        do throws(MetricsFile.Refusal) {
            try file.write(page())
            if isTold { log.log(.metricsWritten, ["file": "\(file.path)"]) }
            isTold = false
        } catch {
            if !isTold {
                log.log(.metricsNotWritten, ["error": "\(error)"])
            }
            isTold = true
        }
    }
}
