package import Delivery

/// What outboxd knows of the relay, as `status` shows it.
package struct RelayStatus: Sendable, Equatable {
    package var state: RelayState
    package var since: WallTime?
    package var error: DeliveryError?
    /// When it is tried next; nil while it is not down, or is being tried.
    package var nextProbeAt: WallTime?
    /// When it was last heard of.
    package var triedAt: WallTime?

    package init(
        state: RelayState, since: WallTime? = nil, error: DeliveryError? = nil,
        nextProbeAt: WallTime? = nil, triedAt: WallTime? = nil
    ) {
        self.nextProbeAt = nextProbeAt
        self.triedAt = triedAt
        self.state = state
        self.since = since
        self.error = error
    }
}
