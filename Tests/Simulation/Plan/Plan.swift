import Delivery

@testable import Engine

/// All that happens in a simulated world, and when.
struct Plan: Sendable {
    struct Step: Sendable, Equatable {
        /// Since the world began.
        var at: Duration
        var action: Action
    }

    var seed: UInt64
    var options: WorldOptions
    var steps: [Step]

    /// Trouble of the relay's that lasts for a while.
    var hasBurst: Bool {
        steps.contains { step in
            if case .relay(let mood) = step.action { mood != .well } else { false }
        }
    }

    /// One line for each step.
    var history: String {
        (["\(options)"] + steps.map { "\(TimeText.seconds($0.at)) \($0.action)" })
            .joined(separator: "\n")
    }
}

enum TimeText {
    /// Such as `1234.567 s`.
    static func seconds(_ time: Duration) -> String {
        let milliseconds = time.inMilliseconds
        let fraction = "000\(milliseconds % 1_000)".suffix(3)
        return "\(milliseconds / 1_000).\(fraction) s"
    }
}

/// What the world is like: drawn from the seed, so that each one has other rules (swarm testing, Groce and others
/// 2012).
struct WorldOptions: Sendable {
    var hold: Duration
    var pollInterval: Duration
    var retryBase: Duration
    var retryCap: Duration
    var expiry: Duration
    var lease: Duration
    var connections: Int
    var daemons: Int
    var isPipelined: Bool
    var resendsUncertain: Bool
    var retention: Duration?
    var helpdesks: Int
    var conversations: Int
    var recipients: Int
    var length: Duration
    var batches = Batches()

    /// The number of a helpdesk that nothing happens to but what happens to all.
    var innocent: Int { helpdesks }
    /// Its instant mail is there by then: once the row is seen, a straggler is given up after 30 s, and one
    /// connection more is tried each half minute if all are silent after their dots (Neighbours.md).
    var bound: Duration { pollInterval + .seconds(60) }
}
