internal import Synchronization

/// Where two threads count, once a commit each, and others look.
///
/// The lock is held for a batch of events, or for a copy: microseconds.
package final class MetricsBook: Sendable {
    private let metrics = Mutex(EngineMetrics())

    package init() {}

    func note(_ event: EngineEvent) { metrics.withLock { $0.note(event) } }

    package var snapshot: EngineMetrics { metrics.withLock(\.self) }
}
