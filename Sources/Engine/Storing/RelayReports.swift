internal import Delivery
internal import Store

/// What the sending thread reports of the relay's state, until it is written down, and what of it people
/// are told.
struct RelayReports {
    private(set) var toWrite: [RelayStatus] = []
    private var announcements = RelayAnnouncements()
    /// By the latest report that is written down.
    private(set) var isDown = false

    var isEmpty: Bool { toWrite.isEmpty }

    mutating func add(_ reports: [RelayStatus]) { toWrite += reports }

    /// They are written down.
    ///
    /// - Returns: those to tell.
    mutating func committed(at now: SteadyTime) -> [RelayStatus] {
        guard let last = toWrite.last else { return [] }
        isDown = last.state == .down
        defer { toWrite.removeAll() }
        return toWrite.filter { announcements.take($0, at: now) }
    }
}
