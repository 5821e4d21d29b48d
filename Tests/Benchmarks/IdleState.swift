/// What a daemon waits for that has nothing to do.
enum IdleState: String, CaseIterable {
    case empty, held, paused
    case relayDown = "relay down"
    case senderBlocked = "sender blocked"

    /// The reason that its rows tell in `outbox_status`.
    var reason: String? {
        switch self {
        case .empty: nil
        case .held: "hold"
        case .paused: "paused"
        case .relayDown: "relay"
        case .senderBlocked: "sender"
        }
    }
}
