internal import Delivery

/// What need not be asked when a mail is closed: where 300,000 rows are skipped at once, each statement less
/// is a tenth of the time.
struct Closing {
    /// Every row may have been read in time.
    var mayBeRead = true
    /// A copy may stand in `outboxd_frozen`.
    var mayBeKept = true
    /// Another mail may wait behind it.
    var mayHaveOthersBehind = true
}

extension Closing {
    /// - Parameter skipped: With what the mail ended; it was not attempted since.
    init(_ candidate: Candidate, skipped: [Skip]) {
        mayBeRead = skipped.allSatisfy { $0.reason == .read }
        // A copy is kept of what was claimed, and a claim gives it an id.
        mayBeKept = candidate.emailMessageID != nil
    }
}
