internal import Delivery

/// What `list` looks for among rows that are ingested.
struct ListSearch {
    let filter: OutboxView.Filter
    let circumstances: SQLiteReader.Circumstances
    /// In which its open rows may wait.
    let lines: [ListedLine]
    let linesInAll: Int
    /// What its open rows may wait for; empty: anything.
    let reasons: Set<WaitReason>
    let conditions: ListConditions

    /// - Parameter lines: All.
    init(
        _ filter: OutboxView.Filter, _ circumstances: SQLiteReader.Circumstances,
        lines: [ListedLine]
    ) {
        self.filter = filter
        self.circumstances = circumstances
        let reasons = filter.waitReasons
        self.reasons = reasons
        self.lines = lines.filter { line in
            (filter.helpdeskID == nil || filter.helpdeskID == line.helpdeskID)
                && line.mayHave(reasons, circumstances)
        }
        linesInAll = lines.count
        conditions = ListConditions(filter, circumstances, lines: lines)
    }
}
