package import Delivery

/// What a person does to the outbox by hand, beside a daemon or without one.
///
/// One owner, one thread. Each method is a transaction of its own.
package protocol OutboxOperator {
    /// Reads what this handle has written.
    var reader: any OutboxReader { get }

    /// - Parameter helpdesk: "" is everything.
    func pause(helpdesk: String, by note: OperatorNote, at now: WallTime) throws

    /// - Returns: false if it was not paused.
    func resume(helpdesk: String, by note: OperatorNote, at now: WallTime) throws -> Bool

    /// A database that was restored may send: see ``KeptEpoch``.
    func releaseRestored(by note: OperatorNote, at now: WallTime) throws -> ReleaseResult

    /// Settles the uncertain mail that a row is held in.
    func resolve(
        row id: Int64, as resolution: Resolution, by note: OperatorNote, at now: WallTime
    ) throws -> Resolved

    /// Rows wait again, or are due now; or are taken back, as the API server would. What can't be done is told
    /// (``DeedRules``). For some hundred rows at a time.
    func perform(
        _ deed: RowDeed, on ids: [Int64], by note: OperatorNote, at now: WallTime
    ) throws -> [Int64: DeedResult]

    /// See ``OutboxStore/prune(endedBefore:from:limit:patience:goesOn:)``.
    func prune(
        endedBefore: WallTime, from place: PrunePlace, limit: Int, patience: Duration,
        goesOn: () -> Bool
    ) throws -> PruneStep

    /// The same for those of these rows that ended before the time.
    func prune(
        _ ids: [Int64], endedBefore: WallTime, patience: Duration, goesOn: () -> Bool
    ) throws -> PruneStep

    // MARK: Suppressions

    /// - Parameter helpdesk: "" is everywhere.
    func suppress(
        _ address: String, helpdesk: String, until: WallTime?, by note: OperatorNote,
        at now: WallTime
    ) throws
    /// - Returns: false if there was none.
    func unsuppress(
        _ address: String, helpdesk: String, by note: OperatorNote, at now: WallTime
    ) throws -> Bool

    // MARK: The relay

    /// Asks the daemons to try the relay now.
    func wantProbe(at now: WallTime) throws

    /// Inserts a row as the API server would.
    ///
    /// - Returns: its id, and whether it is new: the same reply to the same address is inserted once.
    func enqueue(_ row: NewRow) throws -> (id: Int64, isNew: Bool)

    /// See ``OutboxStore/hasDeferred(orForSender:)``.
    func hasDeferred(orForSender: Bool) throws -> Bool
}

/// What became of an uncertain mail, by an operator's word.
package enum Resolution: Sendable {
    case sent, resend
}

/// What came of an operator's word.
package enum Resolved: Sendable, Equatable {
    case done(mailID: Int64)
    case unknownRow
    /// The row is not held as uncertain; its state.
    case notHeld(state: String)
}
