package import Delivery

/// What people ask of the outbox: reads only.
///
/// One owner, one thread.
package protocol OutboxReader {
    // MARK: Rows

    /// The beginning of a list, before the newest row.
    func start() throws -> OutboxView.Position

    /// The newest matching rows from a position on, by descending id.
    func list(
        _ filter: OutboxView.Filter, limit: Int, from position: OutboxView.Position?,
        at now: WallTime
    ) throws -> [OutboxView.Row]

    /// nil if there is no such row in `outbox`.
    func story(of id: Int64, at now: WallTime) throws -> OutboxView.Story?

    /// Rows that were sent, skipped or have failed before a time: how many of each helpdesk, and the ids of five.
    func ended(before: WallTime) throws -> (byHelpdesk: [String: Int], examples: [Int64])

    // MARK: What an operator's word would do

    /// Why it would be refused, of those rows for which it would be.
    func refusals(of deed: RowDeed, _ ids: [Int64]) throws -> [Int64: DeedResult.Refusal]

    /// What ``OutboxOperator/resolve(row:as:by:at:)`` would say.
    func resolving(row id: Int64) throws -> Resolved

    // MARK: Suppressions

    /// The newest first, without those that are over.
    ///
    /// - Parameter helpdesk: those that count for it; nil is all.
    func suppressions(helpdesk: String?, limit: Int, at now: WallTime) throws
        -> [OutboxView.Suppression]
    /// Those of one address, of every helpdesk.
    func suppressions(of address: String, at now: WallTime) throws -> [OutboxView.Suppression]

    /// What would become of the mail that the row is in, if its time had come.
    ///
    /// Nothing is claimed. A row that is not ingested is judged as ingest would.
    ///
    /// - Returns: nil if there is no such row in `outbox`.
    func draft(
        of id: Int64, at now: WallTime, rules: IngestRules,
        decide: (Candidate) -> ClaimDecision
    ) throws -> MailDraft?

    /// One row of the mail with this Message-ID, an open one if there is any.
    ///
    /// - Parameter messageID: In angle brackets.
    func row(ofMessageID messageID: String) throws -> Int64?

    // MARK: Status

    func numbers(at now: WallTime) throws -> OutboxView.Numbers
    /// nil if counting takes longer: a view of the API server's may take minutes.
    func numbers(at now: WallTime, within limit: Duration) throws -> OutboxView.Numbers?
    func relay() throws -> RelayStatus
    /// The longest blocked first.
    func blockedSenders() throws -> [OutboxView.BlockedSender]
    /// What is paused, an operator's pauses first, in the order of the ids.
    func pauses() throws -> [OutboxView.Pause]
    /// nil if the database was not restored, as far as one can see, or was released.
    func restoration() throws -> OutboxView.Restoration?
    /// nil if `helpdesks` has no such row.
    func helpdesk(_ id: String) throws -> Helpdesk?
    /// The first ones, in the order of their ids; rows that can't be read for another reason than a value's length are
    /// left out.
    func helpdesks(limit: Int) throws -> OutboxView.Helpdesks
    /// Whether the helpdesk is named anywhere: a pause of one that is not may be a slip.
    func knowsHelpdesk(_ id: String) throws -> Bool

    /// What `health` decides by; costs the same whatever the tables hold.
    func health(at now: WallTime) throws -> OutboxView.Health

    // MARK: Drain

    /// How many mails a drain still has to send, those under way included; a row that nobody has ingested
    /// counts as one.
    func mailsLeft(ignoringHold: Bool, at now: WallTime) throws -> Int
    /// When the first mail falls due that is on hold, and the first that was deferred.
    func upcoming(at now: WallTime) throws -> (hold: WallTime?, deferred: WallTime?)
    /// Mails that wait for another of their conversation.
    ///
    /// - Parameter rows: Those that hold one of these; nil is all.
    func mailsBehind(ofRows rows: [Int64]?) throws -> Int

    // MARK: Check

    /// Whether the totals are what a look at every row gives.
    func totalsAreRight() throws -> Bool

    func facts() throws -> OutboxView.Facts
    /// What SQL statements fail for at present.
    func faults() throws -> OutboxView.Faults
    /// Tables whose keys make look-ups slow; bounded in what it looks at, whatever they hold.
    func longKeys() throws -> [OutboxView.LongKeys]
    /// Whether this process may write, and can get a word in within that time; nothing is written.
    func probeWriting(patience: Duration) throws

    /// A damaged page, a row without its index entry, a NULL where none may be: the first that is found in the whole
    /// file; nil if all is well.
    ///
    /// - Parameter mayGoOn: Asked now and then; false ends it with an error that `isOverdue`.
    func damage(while mayGoOn: @escaping () -> Bool) throws -> String?
}
