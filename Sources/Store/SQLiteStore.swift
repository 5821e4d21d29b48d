internal import Delivery
package import SQLite

/// The outbox in an SQLite file.
///
/// Owned by one thread.
package final class SQLiteStore: OutboxStore {
    package let connection: Connection
    /// All rows of `outbox` up to this id have been looked at.
    var newestIngested: Int64
    var ingestQueue = IngestQueue()
    /// How many rows of a burst are read at once.
    package var lookAheadStep = IngestQueue.step
    /// This process has looked at all rows above, since the queue was closed.
    var ingestsFrom: Int64
    /// A burst has left its mark: see ``SQLiteStore/floorKey``.
    var mayHaveFloor = true
    private var lastDataVersion: Int64 = -1
    let columns: APIColumns
    let lines: LineBook
    let mails: MailTable
    let rows: RowTable
    let totals = Totals()
    /// As the open transaction sees it: another number once another connection has committed.
    var dataVersion: Int64 = 0
    /// Of the open transaction.
    var fresh = FreshMails()
    var mailIDs = MailIDs()
    /// About so many due mails stood in line after the last claim.
    var leftInLine = 0
    /// Whose turn it is among the classes; goes on from claim to claim.
    var turns = Turns()
    private var lastTurnNumber: Int64 = 0
    var isolation = Isolation()
    var lineRest = LineRest()
    /// For mails that a statement has failed for before.
    var faultyRest = LineRest()
    /// When the batch of ingest began.
    var hasBlockedSenders = false
    /// The same.
    var hasFormerIdentities = true
    /// The last due row that was looked at was read, so ingest looks for the markers of those that are due.
    ///
    /// Always to do so would cost each mail of a backlog another statement.
    var expectsRead = false
    /// Mails of this batch of ingest whose rows were all read.
    var readMails: [MailKey: Int64] = [:]
    /// Rows of this batch of ingest that were skipped, and are not written yet.
    var skippedRows: [SkippedRow] = []
    /// Suppressions may wait to be written into the API server's table.
    var hasSuppressions = true
    /// A trigger on that table took too long: nothing is written into it until then.
    var slowSuppressionsUntil = WallTime(milliseconds: 0)
    package var chosen: ChosenMails?
    package var senderOf: (Helpdesk?) -> String? = {
        $0.map { AddressText.normalized($0.fromAddress) }
    }
    /// What stands beside the database of its epoch; nil: nobody compares.
    package var epochNote: (any EpochNote)?
    /// After the open transaction a copy of a mail may be at the relay of which the state before it knows nothing.
    var mayHaveSent = false
    /// The file that was opened.
    let identity: FileIdentity
    /// The paths that have to lead to it: the file's own, and the one that the settings name.
    let paths: [String]
    /// Those of the log and its index, by the end of their names, since they were first seen.
    var logIdentities: [String: FileIdentity] = [:]
    var blockPass = BlockPass()
    /// The log is not copied back before then.
    var checkpointAt = SteadyTime(nanoseconds: 0)
    /// - Parameter givenPath: Another path that has to lead to the file.
    /// - Parameter firstToken: Fencing tokens count up from here; at random, so that no two processes come near
    ///   each other, and never 0.
    /// - Parameter atCommit: Called before each transaction and around its commit; it throws where the process is
    ///   to die.
    package init(
        connection: Connection, givenPath: String? = nil,
        firstToken: Int64 = .random(in: 1 ... .max / 2),
        atCommit: ((CommitPoint) throws -> Void)? = nil
    ) throws {
        lastToken = firstToken
        self.atCommit = atCommit
        self.connection = connection
        columns = try APIColumns(connection)
        lines = LineBook(connection: connection)
        mails = MailTable(connection: connection, totals: totals)
        rows = RowTable(connection: connection, totals: totals)
        identity = try FileIdentity(of: connection.path)
        paths = [connection.path, givenPath].compactMap(\.self)
        newestIngested =
            try connection.statement("SELECT max(0, \(SQLiteReader.newestIngested))")
            .first { $0.int(0) } ?? 0
        ingestsFrom = newestIngested
    }

    private var lastToken: Int64
    let atCommit: ((CommitPoint) throws -> Void)?

    /// A fencing token that no claim had before.
    func nextToken() -> Int64 {
        lastToken += 1
        return lastToken
    }

    /// Higher than any before, also those of other processes of about the same time.
    func nextTurnNumber(_ now: WallTime) -> Int64 {
        lastTurnNumber = max(lastTurnNumber &+ 1, now.milliseconds &* 1_000)
        return lastTurnNumber
    }

    package var changeCount: Int32 { connection.changeCount }

    package func othersHaveCommitted() throws -> Bool {
        let version = try connection.dataVersion()
        guard version != lastDataVersion else { return false }
        lastDataVersion = version
        // An idle process writes nothing for long.
        try columns.refresh()
        if columns.hasChanged { try refuseNewerTables() }
        return true
    }

    /// A newer outboxd may upgrade the tables beside us.
    ///
    /// It does so in one transaction, so that whoever looks
    /// within another of its own works on what it knows, or not at all.
    ///
    /// - Throws: ``StoreError/tooNew(found:)``.
    func refuseNewerTables() throws {
        if let found = try Migrator(connection: connection).currentStep(), found > Migration.newest
        {
            throw StoreError.tooNew(found: found)
        }
    }

    package func hasNewRows() throws -> Bool {
        if ingestQueue.isOpen { return true }
        let looked = try connection.statement(
            """
            SELECT EXISTS (SELECT 1 FROM outbox o WHERE o.id > ? AND \(RowChoice.isNotIngested)),
                (SELECT max(id) FROM outbox)
            """
        ).bind(newestIngested).first { (hasNew: $0.bool(0), newest: $0.int(1)) }
        guard let looked, !looked.hasNew else { return true }
        // Others have ingested what was passed over: the next look begins behind it.
        newestIngested = max(newestIngested, looked.newest)
        return false
    }
}

/// A moment of a transaction at which a simulator lets a process die, or others run.
package enum CommitPoint: Hashable, Sendable {
    /// Nothing is locked yet.
    case begins
    /// All is written, and nothing committed.
    case before
    /// It is committed, and nobody knows.
    case after
}
