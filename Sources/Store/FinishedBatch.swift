/// What came of writing down outcomes.
package struct FinishedBatch: Sendable {
    /// Tokens that no longer stood: another process has taken these mails over.
    package var lost: Set<Int64>
    /// From addresses that wait from now on, because the relay refuses them.
    package var blockedSenders: [String]
    package var unblockedSenders: [String]
    /// Rows that were failed, by sender, and wait again: it was the sender that was refused.
    package var reopenedRows: [String: Int] = [:]
    /// Outcomes that a failing statement kept from being written down, by token, with the reason.
    ///
    /// They have to be written down later; nothing of such a mail was changed.
    package var unrecorded: [Int64: String] = [:]
    package var faults: [StatementFault] = []
    /// What became of mails, by token, where the rulings left another outcome than was handed over.
    package var ruledOutcomes: [Int64: FinishedMail.Outcome] = [:]
    /// Rows that were failed and wait again: it is the relay that refuses.
    package var reopenedForRelay = 0
    /// The mails of all those rows.
    package var reopenedMails: [Int64] = []
    package var relayPause: RelayPauseOrder?
    /// Rows whose ids others had when the mail went out: those here are taken in as new ones.
    package var usedAgain: [Int64] = []
    /// A mail went back for a second, so that others may show first whose fault it is.
    package var looksAgain = false

    package init(
        lost: Set<Int64> = [], blockedSenders: [String] = [], unblockedSenders: [String] = []
    ) {
        self.lost = lost
        self.blockedSenders = blockedSenders
        self.unblockedSenders = unblockedSenders
    }

    /// Nothing came of it but what was handed over, as of nearly every mail.
    private var isPlain: Bool {
        lost.isEmpty && blockedSenders.isEmpty && unblockedSenders.isEmpty && reopenedRows.isEmpty
            && unrecorded.isEmpty && faults.isEmpty && ruledOutcomes.isEmpty
            && reopenedForRelay == 0 && reopenedMails.isEmpty && relayPause == nil
            && usedAgain.isEmpty && !looksAgain
    }

    mutating func add(_ other: FinishedBatch) {
        guard !other.isPlain else { return }
        lost.formUnion(other.lost)
        blockedSenders += other.blockedSenders
        unblockedSenders += other.unblockedSenders
        reopenedRows.merge(other.reopenedRows, uniquingKeysWith: +)
        unrecorded.merge(other.unrecorded) { $1 }
        faults += other.faults
        ruledOutcomes.merge(other.ruledOutcomes) { $1 }
        reopenedForRelay += other.reopenedForRelay
        reopenedMails += other.reopenedMails
        relayPause = other.relayPause?.after(relayPause) ?? relayPause
        usedAgain += other.usedAgain
        looksAgain = looksAgain || other.looksAgain
    }
}
