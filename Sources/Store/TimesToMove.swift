/// What is left to be moved after the clock or the hold was set.
package enum TimesToMove: Sendable {
    case none
    /// Rows that wait for a hold.
    case hold
    /// Times of the old clock: what seems due may not be, so that nothing is claimed meanwhile.
    case clock
}
