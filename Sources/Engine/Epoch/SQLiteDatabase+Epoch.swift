package import Store

extension SQLiteDatabase {
    /// The file at a path, with the number that stands beside it.
    package init(path: String, givenAs givenPath: String? = nil) {
        self.init(path: path, givenAs: givenPath) { EpochFile(besideDatabase: path) }
    }
}
