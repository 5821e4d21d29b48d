/// Whose hold the rows of a database wait for.
///
/// | who comes | the hold that is noted | then |
/// |---|---|---|
/// | a daemon | none, or another | its own is noted, and rows that wait follow |
/// | a drain | a daemon's | that one counts for the drain, too |
/// | a drain of everything | none, or another drain's | its own is noted, and rows that wait follow |
/// | a drain of chosen rows | another drain's | that one counts |
/// | a drain of chosen rows | none | its own is noted, so that the next daemon's can move rows |
///
/// So a drain with a hold of its own makes no other's mail early or late.
package enum HoldOwner: String, Sendable {
    case run, drain
    /// A drain of some rows, by their ids or a selection.
    case chosenRows

    /// The keys in `outboxd_meta`: the hold in milliseconds, and whose it is; a daemon's where that is not said.
    static let hold = "hold"
    static let key = "hold_owner"
}
