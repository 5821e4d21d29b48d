internal import Store

extension Result<EngineResult, any Error> {
    /// A newer outboxd has upgraded the tables: nothing is written any more by one that does not know them.
    var isAboutNewerTables: Bool {
        guard case .failure(StoreError.tooNew) = self else { return false }
        return true
    }
}
