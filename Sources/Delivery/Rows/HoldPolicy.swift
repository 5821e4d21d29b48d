/// When a row is due: "at `created_at + hold` (60 s by default); an instant row is due at once".
package struct HoldPolicy: Hashable, Sendable {
    /// The default.
    package static let standard: Duration = .seconds(60)

    package let hold: Duration

    package init(hold: Duration = standard) {
        self.hold = hold
    }

    /// - Parameter ingestedAt: When outboxd first saw the row. It matters to an instant row alone, and
    ///   only where the API server's clock is ahead: "at once" does not wait for `created_at` to come.
    package func dueAt(createdAt: WallTime, isInstant: Bool, ingestedAt: WallTime) -> WallTime {
        isInstant ? min(createdAt, ingestedAt) : createdAt + hold
    }
}
