/// What shows that a database was restored from an older state.
///
/// The raw values are stored.
package enum RestoreSign: String, Sendable, CaseIterable {
    /// The number beside the database is greater: it knows of mail of which the database does not.
    case newer
    /// The file beside the database is another database's.
    case foreign
    /// The file is gone, as in a copy at another place.
    case missing
    case damaged
}
