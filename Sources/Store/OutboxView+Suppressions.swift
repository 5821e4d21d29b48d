package import Delivery

extension OutboxView {
    /// An address that gets no mail.
    package struct Suppression: Sendable, Equatable {
        /// "" is everywhere.
        package var helpdeskID: String
        package var address: String
        package var reason: String
        package var createdAt: WallTime
        package var expiresAt: WallTime?
    }
}
