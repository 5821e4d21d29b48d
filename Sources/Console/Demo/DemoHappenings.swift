internal import Delivery
internal import Engine
internal import Service
internal import Synchronization

/// What the engine's threads and the mail server tell, on its way to the thread that prints it.
final class DemoHappenings: Sendable {
    enum Kind: Sendable {
        case engine(EngineEvent)
        case attempt(EngineEvent.Attempt)
        case sink(DemoSinkSession.Event)
    }
    struct Happening: Sendable {
        var at: SteadyTime
        var kind: Kind
    }

    /// Signalled at each.
    let arrived: EventFD
    private let waiting = Mutex<[Happening]>([])

    init() throws(SystemError) {
        arrived = try EventFD()
    }

    /// Each attempt is a happening of its own.
    func add(_ event: EngineEvent) {
        guard case .attempted(let attempts) = event else { return add(.engine(event)) }
        for attempt in attempts { add(.attempt(attempt)) }
    }

    func add(_ kind: Kind) {
        waiting.withLock { $0.append(Happening(at: SystemClock().steadyNow(), kind: kind)) }
        arrived.signal()
    }

    /// In the order in which they came.
    func takeAll() -> [Happening] {
        arrived.drain()
        return waiting.withLock { waiting in
            defer { waiting.removeAll() }
            return waiting
        }
    }
}
