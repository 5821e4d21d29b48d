/// When people are told that another process keeps the database locked: after 5 s, after a minute, and every five from then
/// on.
struct LockNews {
    private static let first: Duration = .seconds(5)
    private var next = first

    /// - Parameter waited: For so long; a shorter time than before is that of another wait.
    mutating func isToTell(_ waited: Duration) -> Bool {
        guard waited >= Self.first else {
            next = Self.first
            return false
        }
        guard waited >= next else { return false }
        next = next == Self.first ? .seconds(60) : waited + .seconds(300)
        return true
    }
}
