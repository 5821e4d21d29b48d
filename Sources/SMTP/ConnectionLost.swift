/// The connection broke while something was sent or received.
package struct ConnectionLost: Error, Hashable, Sendable {
    /// One cleaned line.
    package var reason: String

    package init(reason: String) {
        self.reason = reason
    }
}
