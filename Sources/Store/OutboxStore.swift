package import Delivery

/// Where notifications wait and what became of them: all that the engine asks of a database.
///
/// Everything is done to many rows at a time, since a commit is what costs. The protocol speaks neither SQL nor
/// of files, so that a database on a network can stand behind it.
///
/// One owner, one thread; any method may wait for the disk or for another process's lock, as long as
/// ``whileBusy(_:)`` lets it. Each is a transaction of its own unless called within ``inTransaction(_:)``. What is
/// thrown is a ``StoreFailure``, or a ``StoreError`` if the database can't be worked with at all.
package protocol OutboxStore: AnyObject {
    // MARK: Transactions

    /// Runs several of the others as one transaction.
    ///
    /// `body` is run again, from a clean slate, if a statement about one mail fails: what it does outside the
    /// database must not depend on how often it ran.
    func inTransaction<T>(_ body: () throws -> T) throws -> T

    /// What to do while another process stands in the way: `decide` gets how long we have waited
    /// and says whether to go on.
    func whileBusy(_ decide: @escaping (Duration) -> Bool)

    // MARK: Rows come in

    /// Whether another process has committed since the last call. A hint that costs microseconds.
    func othersHaveCommitted() throws -> Bool

    /// Another number once this process has changed something.
    var changeCount: Int32 { get }

    /// Whether rows have come that are not ingested: a read, which takes no lock.
    func hasNewRows() throws -> Bool

    /// Whether an instant row is among those that have just come: a read, which takes no lock and looks at a few.
    func hasNewInstantRow() throws -> Bool

    /// Finds out whose rows wait where more came than one batch holds, without the write lock: whoever is alone
    /// among many of another helpdesk's has a turn only when it is known.
    ///
    /// - Parameter goesOn: Asked every 2,000 rows, some 1 ms; false leaves the others for the next time.
    /// - Returns: whether it ended since an instant row has come meanwhile, which need not wait until the others are
    ///   read.
    func lookAhead(goesOn: () -> Bool) throws -> Bool

    /// Takes new rows of `outbox` into mails.
    ///
    /// - Parameters:
    ///   - limit: The most rows of one call.
    ///   - wanted: So many mails will be claimed in the same transaction: of a burst about as many rows are taken
    ///     as that needs, and a database may write such a mail once instead of twice. 0: none.
    func ingest(limit: Int, wanted: Int, at now: WallTime, rules: IngestRules) throws -> Ingested

    /// Rows that a drain of chosen ones has left alone are looked at now (``IngestRules/leavesAlone``).
    func takeUpLeftAlone(at now: WallTime) throws

    /// More rows have come than one batch holds: those that wait are known, or become so
    /// (``lookAhead(goesOn:)``).
    var isInBurst: Bool { get }

    /// Whether the time has come to try rows again that could not be read.
    func hasUnread(at now: WallTime) throws -> Bool

    /// Looks for rows that a glance at the newest ids can miss (explicit ids): a read that takes no lock and
    /// ends when `goesOn` says so.
    func findLateInserts(
        from position: Int64?, limit: Int, goesOn: () -> Bool
    ) throws -> LateInserts

    /// Whether ids of `outbox` seem to be used again, at a glance.
    func idsAreSuspect() throws -> Bool

    /// Sees to it that no new row gets an id that another one had.
    /// - Returns: up to where ids are taken, if they were about to be used again.
    func guardIDs() throws -> Int64?

    /// Takes what was found into mails.
    func ingestLate(_ found: LateInserts, at now: WallTime, rules: IngestRules) throws -> Ingested

    // MARK: Mails go out

    /// When something next falls due that the request would claim, or a row that could not be read is
    /// tried again: a hold, a retry, a probe of a sender.
    func nextDue(_ request: ClaimRequest) throws -> WallTime?

    /// When a mail falls due that has no part in an accusation.
    func nextInnocentDue(of accusation: Accusation) throws -> WallTime?

    /// Whether a mail is due that came after the refusals for which the relay is taken for down.
    func hasDue(_ newcomers: Newcomers, at now: WallTime) throws -> Bool

    /// Whether a claim would find anything to look at.
    func hasDue(_ request: ClaimRequest) throws -> Bool

    /// Whether a helpdesk's mail waits because the relay refuses its sender.
    func hasBlockedLines() throws -> Bool

    /// What `outboxd pause` has paused, and when: helpdesk ids, "" for everything.
    func operatorPauses() throws -> [String: WallTime]

    /// Whether a mail that was deferred still waits for its next attempt.
    ///
    /// - Parameter orForSender: one that waits because the relay refuses its sender counts too.
    func hasDeferred(orForSender: Bool) throws -> Bool

    /// Offers mails whose time has come to `decide`, in their turns (see ``Turns``), and writes down what
    /// it says. A mail that is not claimed is replaced by the next in its turn.
    func claim(_ request: ClaimRequest, decide: (Candidate) -> ClaimDecision) throws -> ClaimedBatch

    /// Where rows stand that somebody has chosen, in their order: as many look-ups as there are rows.
    func standings(of rows: [Int64]) throws -> [RowStanding]

    /// Keeps mails that are too large for a slot before they are sent, so that a second copy can be
    /// the first one's very bytes.
    func persistOversizedCopies(_ mails: [(mailID: Int64, frozen: FrozenMail)]) throws

    /// What this process may still send, where that is not everything: only such mail can show whose fault a
    /// refusal is (``WaitingOthers``).
    ///
    /// nil: everything that is due.
    var chosen: ChosenMails? { get set }

    /// Whom a helpdesk's mail is from, as ``ClaimDecision`` names it; nil if it has no usable sender.
    ///
    /// The argument is nil for a helpdesk without an entry. Set by whoever claims: if the store guessed, it would
    /// offer mail as innocent whose sender is accused.
    var senderOf: (Helpdesk?) -> String? { get set }

    /// Writes down what became of claimed mails.
    ///
    /// - Returns: what followed from it: mails that another process has taken over (their token no longer
    ///   stood), outcomes that could not be written down, senders blocked and unblocked, rows that wait again.
    func finish(_ mails: [FinishedMail]) throws -> FinishedBatch

    /// Notes, as far as that can be written, that the outcomes of these mails can't be.
    func noteUnrecorded(_ mails: [(mail: InFlightMail, text: String)], at now: WallTime) throws

    /// Carries noted suppressions over into the API server's table, each by itself.
    /// - Returns: those that the table did not take; they are tried again.
    func writeSuppressions(at now: WallTime) throws -> [StatementFault]

    /// When a suppression is tried again; nil if none waits.
    func nextSuppression() throws -> WallTime?

    /// Goes on through the waiting mails and lets `decide` skip what has been read or cancelled, and
    /// hasten what has become instant, without sending anything.
    ///
    /// - Parameter goesOn: Asked every few mails; false ends the step.
    func review(
        _ request: ReviewRequest, goesOn: () -> Bool, decide: (Candidate) -> ReviewDecision
    ) throws -> Reviewed

    // MARK: Instances

    /// Makes this process known, without a lease.
    ///
    /// - Parameter journalFile: The name of the in-flight journal, which exists and is locked already.
    func register(
        journalFile: String, bootID: String, processID: Int32, at now: WallTime
    ) throws -> Instance

    /// Extends the lease to so long from now. A process whose registration somebody deleted is registered again.
    func renewLease(
        of instance: Instance, processID: Int32, for length: Duration, at now: SteadyTime) throws

    func isRegistered(_ id: Int64) throws -> Bool

    /// The other processes: those that are registered, and those that own mails under way.
    func others(than id: Int64, at now: SteadyTime) throws -> [Instance]

    /// How long an instance still has its lease; negative if it has lost it, or is not registered.
    func leaseLeft(of id: Int64, at now: SteadyTime) throws -> Duration

    /// Whether anybody else has mail under way: asked often.
    func othersAreSending(than id: Int64) throws -> Bool

    /// The first mails, by id, that an instance has claimed and not finished.
    ///
    /// - Parameter after: only those with a greater id.
    func inFlight(of owner: Int64, after: Int64, limit: Int) throws -> [InFlightMail]

    /// The process is gone, or goes, and has nothing under way.
    func forget(instance id: Int64) throws

    // MARK: The relay

    /// Notes that the relay works, or does not.
    func note(relay status: RelayStatus, at now: WallTime) throws

    /// How long the relay has been down, in all.
    func relayDownTotal(at now: WallTime) throws -> Duration

    /// When operators paused everything or the helpdesk, and ended that; nil is all helpdesks.
    func pauseHistory(of helpdesk: String?) throws -> PauseHistory

    /// When an operator last wanted the relay to be tried at once.
    func probeWanted() throws -> WallTime?

    // MARK: The clock

    /// Remembers how far the wall clock is ahead of the steady clock of this boot; where it has been
    /// set meanwhile, every waiting mail's times move with it, so that nothing goes early or late.
    /// - Returns: by how much the clock was set; nil if it was not.
    func followClock(
        bootID: String, offset: Duration, at now: WallTime,
        jump: (_ from: Duration, _ to: Duration) -> Duration?
    ) throws -> Duration?

    /// Goes on moving times, a slice at a time.
    func moveTimes() throws -> TimesToMove

    /// The steps of the clock that rows may have to follow which are not ingested yet, the oldest first.
    func clockSteps() throws -> [ClockStep]

    /// Notes the hold of a daemon or drain that begins, where it is the one that counts (``HoldOwner``): rows that still
    /// wait for another follow it.
    func follow(hold: Duration, of owner: HoldOwner) throws

    /// The hold that rows wait for; nil if no outboxd has run yet.
    func hold() throws -> Duration?

    // MARK: Restored backups

    /// Whether everything is held, or is to be, since the database was restored.
    func isHeldAsRestored() throws -> Bool

    /// What stands beside the database of its epoch; nil if nobody has told where.
    var notedEpoch: NotedEpoch? { get }

    /// Whether ``settleEpoch(isRunning:at:)`` would find something: asked now and then, a read.
    func isEpochInDoubt() throws -> Bool

    /// Compares the database's epoch with the one beside it, which is made or raised; where the database turns out
    /// to be restored, everything is held from now on.
    ///
    /// - Parameter isRunning: This process has compared them before.
    func settleEpoch(isRunning: Bool, at now: WallTime) throws -> EpochNews?

    // MARK: Pruning

    /// Forgets rows that ended before a time, with what belongs to them, and deletes them from `outbox`: one short
    /// transaction, over no more than `limit` rows.
    ///
    /// A row that the API server's tables hold on to is stepped over.
    /// - Parameters:
    ///   - place: Where the last step ended.
    ///   - patience: How long another process's lock is waited for.
    ///   - goesOn: Asked when the lock is there, and after each row; false ends the transaction.
    func prune(
        endedBefore: WallTime, from place: PrunePlace, limit: Int, patience: Duration,
        goesOn: () -> Bool
    ) throws -> PruneStep

    /// How many rows that are old enough can't be pruned, for `status`, and what was said of one of them.
    func noteKept(rows: Int, text: String?) throws

    // MARK: Upkeep

    /// - Throws: ``StoreError`` where the database is not there, or not the one that was opened.
    func checkIdentity() throws

    /// Writes as much as a batch would, and takes it away again; throws where there is no room.
    func proveWritable() throws

    /// Housekeeping between two rounds, never for long: whoever reads or writes goes first.
    ///
    /// - Parameter isBusy: mails are under way: only what can't wait is done.
    /// - Returns: whether it did something that may have kept the write lock.
    func maintain(isBusy: Bool, isShared: Bool, at now: SteadyTime) throws -> Bool

    /// The last housekeeping, before the process goes.
    func finalCheckpoint() throws
}

extension OutboxStore {
    /// No claim follows in the same transaction.
    package func ingest(limit: Int, at now: WallTime, rules: IngestRules) throws -> Ingested {
        try ingest(limit: limit, wanted: 0, at: now, rules: rules)
    }
}
