import Delivery
import Engine
import Mail
import SMTP

extension EngineSettings {
    /// What a test does not say is as usual.
    init(
        database: String, relay: ConnectionSettings, dialogueTimeouts: DialogueTimeouts = .usual,
        connections: Int = 4, from: Mailbox? = nil, hold: HoldPolicy = HoldPolicy(),
        pollInterval: Duration = .seconds(1), retry: RetryPolicy = .usual,
        lease: Duration = .seconds(120)
    ) {
        self.init(
            database: database, relay: relay, dialogueTimeouts: dialogueTimeouts,
            connections: connections, from: from, bounceAddress: nil, hold: hold,
            pollInterval: pollInterval, retry: retry, expiry: Expiry(after: .seconds(3 * 86_400)),
            maxAge: nil, onUncertain: .resend, stopTimeout: .seconds(8), lease: lease, rate: nil,
            idempotencyHeader: nil,
            retention: nil)
    }
}

extension DialogueTimeouts {
    static let usual = DialogueTimeouts(command: .seconds(300), final: .seconds(600))
}

extension RetryPolicy {
    static let usual = RetryPolicy(base: .seconds(30), cap: .seconds(3_600))
}
