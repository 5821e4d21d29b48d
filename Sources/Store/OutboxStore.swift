package import Delivery

/// Where notifications wait and what became of them.
///
/// Everything is done to many rows at a time: a commit is what costs, and a networked database will
/// stand behind the same words.
///
/// One owner, one thread. Each method is a transaction of its own unless called within
/// ``inTransaction(_:)``.
package protocol OutboxStore {
    /// Runs several of the others as one transaction.
    func inTransaction<T>(_ body: () throws -> T) throws -> T

    /// Whether another process has committed since the last call. A hint that costs microseconds.
    func othersHaveCommitted() throws -> Bool

    /// Takes new rows of `outbox` into mails.
    func takeIn(limit: Int, at now: WallTime, rules: TakeInRules) throws -> TakenIn

    /// Looks for rows that a glance at the newest ids can miss (explicit ids). Reads the whole index.
    func takeInStragglers(limit: Int, at now: WallTime, rules: TakeInRules) throws -> TakenIn

    /// Offers mails whose time has come to `decide`, the longest due first, and writes down what it
    /// says.
    func claim(_ request: ClaimRequest, decide: (Candidate) -> ClaimDecision) throws -> ClaimedBatch

    /// Writes down what became of claimed mails.
    /// - Returns: the mails whose token no longer stood: another process has taken them over.
    func finish(_ mails: [FinishedMail]) throws -> FinishedBatch

    /// Goes on through the waiting mails and lets `decide` skip what has been read or cancelled, and
    /// hasten what has become instant, without sending anything.
    func review(_ request: ReviewRequest, decide: (Candidate) -> ReviewDecision) throws -> Reviewed

    /// When something next falls due: a hold, a retry, a probe of a sender.
    func nextDue() throws -> WallTime?
}
