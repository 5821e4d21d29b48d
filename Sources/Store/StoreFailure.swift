package import SQLite

/// Why a store could not do what it was asked, as far as whoever asked has to know.
///
/// | about the statement | busy | what it means |
/// |---|---|---|
/// | yes | no | the mail or row that was asked about is at fault: it waits, and another's may go through |
/// | no | yes | another process is in the way: the same may succeed in a moment |
/// | no | no | nothing can be written or read for now, whoever it is about |
///
/// ``StoreError`` is something else: the database can't be worked with at all.
package protocol StoreFailure: Error, CustomStringConvertible {
    var isAboutTheStatement: Bool { get }
    var isBusy: Bool { get }
    /// The sentence that is noted with a mail: what happened, and in which table.
    var note: String { get }
    /// What a person can do about it, as the end of a sentence: `; check free space …`. Empty if nothing is
    /// known to help.
    var remedy: String { get }
}

extension SQLiteError: StoreFailure {
    package var note: String { inTable }

    package var remedy: String {
        if isBusy { return "; another process has had it locked for 30 s" }
        if isDamage { return "; restore it from a backup" }
        if isFull { return "; make room on its disk" }
        if isStorageTrouble { return "; check free space, owner and permissions" }
        return ""
    }
}
