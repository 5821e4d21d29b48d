internal import Delivery
internal import Store

/// What is told of the relay's state: each change once, and trouble each time.
///
/// | the state | told |
/// |---|---|
/// | is unknown, and nothing is wrong | no |
/// | is unknown or up, and it is silent about what it was sent | yes |
/// | or its error differs from what was told last | yes |
/// | is the same, after trouble | yes: another process, with luck or with another relay, may have noted meanwhile that it works |
/// | is the same | no |
struct RelayNews {
    private var told: RelayStatus?
    private var pending: [RelayStatus] = []

    mutating func note(_ status: RelayStatus, isTrouble: Bool) {
        let isNew = status.state != told?.state || status.error != told?.error
        guard status.state != .unknown || status.error != nil, isTrouble || isNew else { return }
        told = status
        pending.append(status)
    }

    /// What has not been handed over yet.
    mutating func take() -> [RelayStatus] {
        defer { pending.removeAll() }
        return pending
    }
}
