internal import Crash
internal import Delivery
internal import SQLite

/// A statement that fails for one mail costs only that mail (Contract.md, "Neighbours").
///
/// As long as nothing fails this costs nothing: a batch is one transaction without savepoints. When a
/// statement fails, the batch is rolled back and repeated *carefully*, with a savepoint for each mail;
/// the mail whose statement fails again is rolled back to its savepoint and left out, the others are
/// committed. A trigger that ends the whole transaction (`RAISE(ROLLBACK)`) takes the savepoints with
/// it: then the batch is repeated once more without that mail.
struct Isolation {
    /// What a savepoint is about.
    enum Subject: Hashable {
        case mail(Int64)
        case row(Int64)
        /// An entry in the API server's `suppressions`.
        case suppression(helpdeskID: String, address: String)
    }
    /// The batch is being repeated with a savepoint for each subject.
    var isCareful = false
    /// Those that ended the whole transaction; they are left out at once.
    var leftOut: [Subject: any Error] = [:]
    /// An entry in `suppressions` ended the whole transaction: the others, which would too, are left for
    /// transactions of their own.
    var leavesSuppressions = false

    /// A batch in which more of them end the transaction is the store's trouble.
    ///
    /// No batch is larger than this; a repetition of the largest costs some 10 ms, and each subject that fails is then left alone
    /// for longer and longer.
    static let mostRepeats = 512

    mutating func leaveOut(_ subject: Subject, _ cause: any Error) {
        leftOut[subject] = cause
        if case .suppression = subject { leavesSuppressions = true }
    }

    /// Whether the error may be one mail's: another mail's statements may succeed.
    static func isOfOne(_ error: any Error) -> Bool {
        if let error = error as? SQLiteError { return error.isAboutTheStatement }
        return error is HelpdeskFault
    }

    /// Whether a statement was ended since it took too long.
    static func isOverdue(_ error: any Error) -> Bool {
        let cause = (error as? HelpdeskFault)?.cause ?? error as? SQLiteError
        return cause?.isOverdue ?? false
    }
}

/// The subject's statement ended the transaction, and all savepoints with it.
private struct TransactionEnded: Error {
    var subject: Isolation.Subject
    var cause: any Error
}

extension SQLiteStore {
    /// Runs `body` as one transaction, or as part of the one that is open.
    ///
    /// `body` may be run more than once: what it does outside the database must not depend on how
    /// often it ran.
    package func inTransaction<T>(_ body: () throws -> T) throws -> T {
        if connection.isInTransaction { return try body() }
        do {
            return try attempt(body)
        } catch let ended as TransactionEnded {
            isolation.leaveOut(ended.subject, ended.cause)
            return try carefully(body)
        } catch  where Isolation.isOfOne(error) {
            return try carefully(body)
        }
    }

    private func carefully<T>(_ body: () throws -> T) throws -> T {
        isolation.isCareful = true
        defer { isolation = Isolation() }
        for _ in 0..<Isolation.mostRepeats {
            do {
                return try attempt(body)
            } catch let ended as TransactionEnded {
                isolation.leaveOut(ended.subject, ended.cause)
            }
        }
        do {
            return try attempt(body)
        } catch let ended as TransactionEnded {
            throw ended.cause
        }
    }

    private func attempt<T>(_ body: () throws -> T) throws -> T {
        let (newest, from) = (newestIngested, ingestsFrom)
        lines.transactionBegins()
        mailIDs.transactionBegins()
        fresh = FreshMails()
        // What a transaction before counted and could not commit is forgotten with it.
        totals.rollBack(to: Totals.Changes())
        mayHaveSent = false
        do {
            try atCommit?(.begins)
            let (result, epoch) = try connection.transaction {
                dataVersion = try connection.dataVersion()
                try columns.refresh()
                if columns.hasChanged {
                    try refuseNewerTables()
                    // What could not be read may be readable now: somebody has changed a table or a view.
                    try lines.retryFaults()
                }
                let result = try connection.withLateLimit(StatementLimit.transaction) {
                    let result = try body()
                    try writeAllFresh()
                    try totals.write(connection)
                    return result
                }
                columns.hasChanged = false
                let epoch = try advanceEpoch()
                CrashPoint.epochWritten.pass(if: epoch != nil)
                try atCommit?(.before)
                return (result, epoch)
            }
            try atCommit?(.after)
            if let epoch {
                CrashPoint.epochCommitted.pass()
                epochNote?.raise(to: epoch)
                CrashPoint.epochRaised.pass()
            }
            return result
        } catch {
            newestIngested = newest
            ingestsFrom = from
            // Those that were taken out wait again: they are looked for anew.
            ingestQueue = IngestQueue()
            mayHaveFloor = true
            lines.transactionFailed()
            throw error
        }
    }

    /// Runs what concerns one subject.
    ///
    /// - Parameter always: With a savepoint also in the first run of a batch.
    /// - Returns: the error of its statement, whose effects are undone; nil if it went well.
    /// - Throws: errors that concern every mail; in the first run of a batch all errors.
    func isolated(
        _ subject: Isolation.Subject, always: Bool = false, _ body: () throws -> Void
    ) throws -> (any Error)? {
        func run() throws { try connection.withLateLimit(StatementLimit.most, body) }
        guard isolation.isCareful || always else {
            do {
                try run()
                return nil
            } catch  where Isolation.isOverdue(error) {
                // Once is enough: it is left out when the batch is repeated.
                isolation.leftOut[subject] = error
                throw error
            }
        }
        if let cause = isolation.leftOut[subject] { return cause }
        // They may be nested: a suppression's lies within its mail's.
        try connection.execute("SAVEPOINT one")
        let mark = totals.mark
        do {
            try run()
            try connection.execute("RELEASE one")
            return nil
        } catch  where Isolation.isOfOne(error) {
            guard connection.isInTransaction else {
                throw TransactionEnded(subject: subject, cause: error)
            }
            try connection.execute("ROLLBACK TO one; RELEASE one")
            lines.transactionFailed()
            totals.rollBack(to: mark)
            return error
        }
    }
}
