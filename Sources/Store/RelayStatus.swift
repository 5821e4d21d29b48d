package import Delivery

/// What outboxd knows of the relay, as `status` shows it.
package struct RelayStatus: Sendable, Equatable {
    package var state: RelayState
    package var since: WallTime?
    package var error: DeliveryError?

    package init(state: RelayState, since: WallTime? = nil, error: DeliveryError? = nil) {
        self.state = state
        self.since = since
        self.error = error
    }
}
