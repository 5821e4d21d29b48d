/// A row that is not mailed, and why.
package struct Skip: Hashable, Sendable {
    package var row: Int64
    package var reason: SkipReason

    package init(row: Int64, reason: SkipReason) {
        self.row = row
        self.reason = reason
    }
}
