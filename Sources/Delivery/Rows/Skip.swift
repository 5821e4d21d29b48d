/// A row that is not mailed, and why.
package struct Skip: Hashable, Sendable {
    /// What the row belongs to, for the log.
    package struct Place: Hashable, Sendable {
        package var mailID: Int64
        package var helpdeskID: String
        /// The request that wrote the row.
        package var trace: TraceParent?

        package init(mailID: Int64, helpdeskID: String, trace: TraceParent?) {
            self.mailID = mailID
            self.helpdeskID = helpdeskID
            self.trace = trace
        }
    }
    package var row: Int64
    package var reason: SkipReason
    /// nil until it is written down.
    package var place: Place?

    package init(row: Int64, reason: SkipReason) {
        self.row = row
        self.reason = reason
    }
}
