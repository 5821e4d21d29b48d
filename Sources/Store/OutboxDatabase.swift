package import Delivery
internal import SQLite

/// Where the outbox is kept: each thread gets a handle of its own from it.
package protocol OutboxDatabase: Sendable {
    /// For the storing thread.
    ///
    /// - Parameter decide: What to do while another process stands in the way, see
    ///   ``OutboxStore/whileBusy(_:)``; asked while it is opened, too.
    func openStore(whileBusy decide: @escaping (Duration) -> Bool) throws -> any OutboxStore

    /// For the sending thread, whose dialogues must not wait for it.
    ///
    /// - Parameter ignoredPauses: Pauses of an operator's that this run acts through, and when each was set;
    ///   "" is everything.
    func openCheck(ignoredPauses: [String: WallTime]) throws -> any PreSendCheck

    /// For a command that reads: works beside a daemon, and for somebody who may not write.
    func openReader() throws(StoreError) -> any OutboxReader

    /// For a dry run: it reads, and changes nothing.
    func openQueue() throws -> any QueueReader

    /// For a command that changes something.
    func openOperator() throws -> any OutboxOperator
}

/// An SQLite file, at a path.
package struct SQLiteDatabase: OutboxDatabase {
    private let path: String
    private let givenPath: String?
    private let epochNote: @Sendable () -> any EpochNote

    /// - Parameters:
    ///   - givenPath: The path that the settings name, where symbolic links led from it to `path`: a store is to
    ///     notice where they lead elsewhere.
    ///   - epochNote: What stands beside it of its epoch.
    package init(
        path: String, givenAs givenPath: String? = nil,
        epochNote: @escaping @Sendable () -> any EpochNote
    ) {
        self.path = path
        self.givenPath = givenPath == path ? nil : givenPath
        self.epochNote = epochNote
    }

    package func openStore(whileBusy decide: @escaping (Duration) -> Bool) throws
        -> any OutboxStore
    {
        let connection = try Database.open(path: path)
        connection.whileBusy(decide)
        let store = try SQLiteStore(connection: connection, givenPath: givenPath)
        store.epochNote = epochNote()
        return store
    }

    package func openCheck(ignoredPauses: [String: WallTime]) throws -> any PreSendCheck {
        let connection = try Database.open(path: path, readOnly: true)
        // Readers wait for nobody, but for a recovery.
        connection.whileBusy { $0 < .milliseconds(50) }
        return SQLitePreSendCheck(connection: connection, ignoredPauses: ignoredPauses)
    }

    package func openReader() throws(StoreError) -> any OutboxReader {
        SQLiteReader(try Database.open(path: path, readOnly: true), note: epochNote())
    }

    package func openQueue() throws -> any QueueReader {
        try SQLiteQueueReader(Database.open(path: path, readOnly: true))
    }

    package func openOperator() throws -> any OutboxOperator {
        let store = try SQLiteStore(connection: Database.open(path: path))
        store.epochNote = epochNote()
        return store
    }
}
