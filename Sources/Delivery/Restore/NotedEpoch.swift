/// What stands beside the database of its epoch.
package enum NotedEpoch: Hashable, Sendable {
    case absent
    /// Somebody has written something else there, or cut it short.
    case damaged
    /// There is something, and this process may not or can't read it: why.
    case outOfReach(String)
    case epoch(Epoch)
}
