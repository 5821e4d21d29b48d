/// The relay as `status` shows it.
///
/// The raw values are those of Operating.md.
package enum RelayState: String, Sendable, CaseIterable {
    case up, down
    /// Nothing has been tried since the start or since the settings changed.
    case unknown
}
