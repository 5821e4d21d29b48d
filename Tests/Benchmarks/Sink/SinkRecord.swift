import Synchronization
import TestSupport

/// What a ``TimingSink`` has taken.
final class SinkRecord: Sendable {
    private struct State {
        var count = 0
        var timed: [String: Moment] = [:]
    }

    private let state = Mutex(State())

    var count: Int { state.withLock { $0.count } }

    /// When the mails to timed recipients were accepted.
    var timed: [String: Moment] { state.withLock { $0.timed } }

    func add(_ count: Int, timed recipients: [String]) {
        let now = recipients.isEmpty ? nil : Moment.now
        state.withLock { state in
            state.count += count
            for recipient in recipients { state.timed[recipient] = now }
        }
    }
}
