/// What came of writing down outcomes.
package struct FinishedBatch: Sendable {
    /// Tokens that no longer stood: another process has taken these mails over.
    package var lost: Set<Int64>
    /// From addresses that wait from now on, because the relay refuses them.
    package var blockedSenders: [String]
    package var unblockedSenders: [String]

    package init(
        lost: Set<Int64> = [], blockedSenders: [String] = [], unblockedSenders: [String] = []
    ) {
        self.lost = lost
        self.blockedSenders = blockedSenders
        self.unblockedSenders = unblockedSenders
    }
}
