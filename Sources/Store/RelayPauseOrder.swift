package import Delivery

/// The store has found that it is the relay that refuses: the sending thread is to take it for down.
package struct RelayPauseOrder: Sendable {
    package var kind: RefusalKind
    /// The refusal that proved it, and when it came: an acceptance after that revokes it.
    package var error: DeliveryError
    package var at: WallTime
    /// On whose word alone; nil: senders are refused whoever they are.
    package var accusation: Accusation?
    /// The mail that was refused, and its From address.
    package var mail: Int64
    package var sender: String

    package init(
        kind: RefusalKind, error: DeliveryError, at: WallTime, accusation: Accusation? = nil,
        mail: Int64, sender: String
    ) {
        self.kind = kind
        self.error = error
        self.at = at
        self.accusation = accusation
        self.mail = mail
        self.sender = sender
    }

    /// What holds if an earlier order has not been followed yet: a further refusal confirms that one, and
    /// clears nobody but by whose it is.
    ///
    /// Example: the tenth mail of one sender accuses that sender; the eleventh of the same sender, in the
    /// same batch, leaves it at that; one of another sender shows that it is the relay.
    package func after(_ earlier: RelayPauseOrder?) -> RelayPauseOrder {
        guard var earlier else { return self }
        earlier.accusation = earlier.accusation?.confirmed(by: mail, sender: sender)
        return earlier
    }

    package var trouble: RelayTrouble {
        var error = error
        let isOfSeveral = accusation.map { !$0.others.isEmpty } ?? true
        if isOfSeveral, kind != .system {
            error.text = "the relay refuses every sender: \(error.text)"
        }
        return RelayTrouble(kind: kind.troubleKind, error: error)
    }
}
