/// A place between two steps of outboxd's that leave a trace: in the database, in a file beside it, or at the relay.
///
/// A debug build dies there by SIGKILL if it is told to, see ``ArmedCrash``; `Crashes.md` has what another process
/// then finds. In a release build nothing is left of a point: no instruction, since ``pass(if:)`` is empty and
/// inlined, and no name, since this module is compiled without them (`Package.swift`; `.ci/run` looks for them).
///
/// Public, unlike all else: only what is public is inlined across modules.
@frozen
public enum CrashPoint: Sendable {
    // MARK: The beginning

    /// The database's file is made, and has no table.
    case databaseMade
    /// The API server's tables are made, and not committed.
    case tablesMade
    /// One step of the schema is applied, and not committed; passed for each.
    case stepApplied
    /// The tables are committed.
    case migrated
    /// The in-flight journal is there, and no row names it.
    case journalMade
    /// The process is known to others.
    case registered
    /// The file of the epoch is written, and does not have its name.
    case epochFileWritten
    /// The file of the epoch has its name; the database does not know that it was made.
    case epochNoted

    // MARK: A mail, in the storing thread

    /// Rows are taken in, and not committed.
    case ingestWritten
    /// They are committed.
    case ingested
    /// The epoch's number has grown with a claim or an outcome, and nothing is committed.
    case epochWritten
    /// It is committed; the file has the old number.
    case epochCommitted
    /// The file has the new one. What was claimed is not handed over; an outcome's slot is not free.
    case epochRaised
    /// Mails are claimed, and not committed.
    case claimWritten
    /// Copies that no slot can hold are kept in the database.
    case copiesKept
    /// Outcomes are written down, and not committed.
    case outcomeWritten
    /// The outcome is committed, and the slot free.
    case slotFreed
    /// A review's findings are written down, and not committed.
    case reviewWritten

    // MARK: A mail, in the sending thread

    /// The slot is taken; nothing was said to the relay.
    case slotTaken
    /// The relay has taken the envelope and waits for the message, whose dot is not announced.
    case dotDue
    /// The dot is announced, and not written.
    case dotNoted
    /// The dot is written to the socket, and no reply was read.
    case dotWritten
    /// The reply to the dot is read, and not noted.
    case replyRead
    /// It is noted.
    case replyNoted

    // MARK: A takeover

    /// The records of another process are read, and revoked; nothing is written down.
    case revoked
    /// Its mails are taken over.
    case takenOver
    /// The dead process is forgotten; its in-flight journal is still there.
    case deadForgotten
    /// That is deleted.
    case deadJournalRemoved
    /// An in-flight journal that no row names is deleted.
    case orphanRemoved

    // MARK: Moving times

    /// A step of the clock or another hold is noted, and the first times have moved; not committed.
    case shiftNoted

    // MARK: Pruning

    /// Old rows are deleted, and that is not committed.
    case pruneWritten
    /// It is committed.
    case pruned

    // MARK: A restored database

    /// The file of the epoch is raised to release what is held; that is not committed.
    case releaseNoted

    // MARK: Taking leave

    /// All is written down, and the process has taken itself off the list.
    case signedOff
    /// The log is copied back.
    case logCopied
    /// The in-flight journal is deleted.
    case journalRemoved

    // MARK: A backup

    /// The copy's file is made, and empty.
    case copyMade
    /// It is written and checked.
    case copyWritten
    /// It is on the disk, and does not have its name.
    case copySynced
    /// It has two names.
    case copyNamed

    /// The process comes by: it goes on, unless it is to die here.
    ///
    /// - Parameter isThere: false where it comes by without having made the step.
    @inlinable @inline(__always)
    public func pass(if isThere: @autoclosure () -> Bool = true) {
        #if DEBUG
            if isThere() { ArmedCrash.pass(self) }
        #endif
    }
}

#if DEBUG
    extension CrashPoint: CaseIterable {}
#endif
