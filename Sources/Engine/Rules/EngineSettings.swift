package import Delivery
package import Mail
package import SMTP

/// What the engine needs of the settings, checked.
package struct EngineSettings: Sendable {
    package var database: String
    package var relay: ConnectionSettings
    package var dialogueTimeouts: DialogueTimeouts
    package var connections: Int
    package var from: Mailbox?
    package var bounceAddress: EmailAddress?
    package var hold: HoldPolicy
    package var pollInterval: Duration
    package var retry: RetryPolicy
    package var expiry: Expiry
    package var maxAge: Duration?
    package var onUncertain: UncertainPolicy
    package var stopTimeout: Duration
    package var lease: Duration
    package var rate: RateLimit?
    /// The header by which the relay knows a mail that it has; nil: it knows none.
    package var idempotencyHeader: String?
    /// nil: all is kept.
    package var retention: Retention?

    /// None has a default here: a setting that nobody passes on does not compile.
    package init(
        database: String, relay: ConnectionSettings, dialogueTimeouts: DialogueTimeouts,
        connections: Int, from: Mailbox?, bounceAddress: EmailAddress?, hold: HoldPolicy,
        pollInterval: Duration, retry: RetryPolicy, expiry: Expiry, maxAge: Duration?,
        onUncertain: UncertainPolicy, stopTimeout: Duration, lease: Duration, rate: RateLimit?,
        idempotencyHeader: String?, retention: Retention?
    ) {
        self.database = database
        self.relay = relay
        self.dialogueTimeouts = dialogueTimeouts
        self.connections = connections
        self.from = from
        self.bounceAddress = bounceAddress
        self.hold = hold
        self.pollInterval = pollInterval
        self.retry = retry
        self.expiry = expiry
        self.maxAge = maxAge
        self.onUncertain = onUncertain
        self.stopTimeout = stopTimeout
        self.lease = lease
        self.rate = rate
        self.idempotencyHeader = idempotencyHeader
        self.retention = retention
    }
}
