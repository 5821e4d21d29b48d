/// The mode of a file that we make beside the database, so that whoever works on the database can work
/// with it too: SQLite does the same for its log (`findCreateFileMode`, https://sqlite.org/src).
package enum SharedFileMode {
    /// Read and write for those who have them on the database, and always for the owner.
    ///
    /// | database | file's group | file |
    /// |---|---|---|
    /// | 0644, 0660, 0666 | the database's | the same |
    /// | 0440 | the database's | 0640 |
    /// | 0660 | another | 0600: that group has nothing to do with the database |
    /// | 0664, 0666 | another | 0644, 0666: it gets what everybody has |
    /// | 06770 | the database's | 0660: nothing but reading and writing |
    package static func mode(ofDatabase mode: UInt32, hasItsGroup: Bool) -> UInt32 {
        let everybody = mode & 0o006
        let group = hasItsGroup ? mode & 0o060 : everybody << 3
        return 0o600 | mode & 0o600 | group | everybody
    }
}
