/// What came of writing down outcomes.
package struct FinishedBatch: Sendable {
    /// Tokens that no longer stood: another process has taken these mails over.
    package var lost: Set<Int64>
    /// From addresses that wait from now on, because the relay refuses them.
    package var blockedSenders: [String]
    package var unblockedSenders: [String]
    /// Rows that were failed, by sender, and wait again: it was the sender that was refused.
    package var reopenedRows: [String: Int] = [:]

    package init(
        lost: Set<Int64> = [], blockedSenders: [String] = [], unblockedSenders: [String] = []
    ) {
        self.lost = lost
        self.blockedSenders = blockedSenders
        self.unblockedSenders = unblockedSenders
    }
}
