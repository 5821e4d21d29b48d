package import Store

extension SQLiteDatabase {
    /// The file at a path, with the number that stands beside it.
    package init(path: String) {
        self.init(path: path) { EpochFile(besideDatabase: path) }
    }
}
