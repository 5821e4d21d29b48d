/// What a step of the search for late inserts found.
package struct LateInserts: Hashable, Sendable {
    /// Not ingested yet, when they were seen.
    package var ids: [Int64] = []
    /// Rows that have the id of another one, which is through.
    package var usedAgain: [Int64] = []
    package var count: Int { ids.count + usedAgain.count }
    /// Where to go on; nil: the pass is through.
    package var position: Int64?

    package init(ids: [Int64] = [], usedAgain: [Int64] = [], position: Int64? = nil) {
        self.ids = ids
        self.usedAgain = usedAgain
        self.position = position
    }
}
