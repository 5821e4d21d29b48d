package import Delivery

/// The store has found that it is the relay that refuses: the sending thread is to take it for down.
package struct RelayPauseOrder: Sendable {
    package var kind: RefusalKind
    /// The refusal that proved it, and when it came: an acceptance after that revokes it.
    package var error: DeliveryError
    package var at: WallTime
    /// On whose word alone; nil: senders are refused whoever they are.
    package var accusation: Accusation?

    package init(
        kind: RefusalKind, error: DeliveryError, at: WallTime, accusation: Accusation? = nil
    ) {
        self.kind = kind
        self.error = error
        self.at = at
        self.accusation = accusation
    }

    package var trouble: RelayTrouble {
        var error = error
        if accusation == nil, kind != .system {
            error.text = "the relay refuses every sender: \(error.text)"
        }
        return RelayTrouble(kind: kind.troubleKind, error: error)
    }
}
