internal import Crash
internal import Glibc
package import SQLite

/// Opens the database file as outboxd uses it, and brings its tables up to date.
package enum Database {
    /// Opens an existing, migrated database.
    /// - Throws: ``StoreError``, with what to do.
    package static func open(path: String, readOnly: Bool = false) throws(StoreError) -> Connection
    {
        try FileReach.check(path)
        return try explained(path) {
            do {
                return try open(path, readOnly ? .readOnly : .readWrite)
            } catch let error as SQLiteError
                where readOnly && error.isOutOfReach && !hasLog(path)
            {
                // A file in WAL mode is read through files beside it, which this user may not make.
                return try open(path, .unchanging)
            }
        }
    }

    private static func open(_ path: String, _ mode: Connection.Mode) throws -> Connection {
        let connection = try Connection(path: path, mode: mode)
        try configure(connection, readOnly: mode != .readWrite)
        if mode == .readWrite { try heedReferences(connection) }
        try check(connection, path: path)
        return connection
    }

    /// The API server's tables may refer to rows of `outbox`, which outboxd deletes one day.
    ///
    /// Each connection decides for itself whether they may be broken, and SQLite's default is that they may.
    /// https://sqlite.org/foreignkeys.html#fk_enable
    private static func heedReferences(_ connection: Connection) throws {
        try connection.execute("PRAGMA foreign_keys = ON")
    }

    /// What was written last may stand in the write-ahead log alone.
    private static func hasLog(_ path: String) -> Bool {
        var status = stat()
        return stat(path + "-wal", &status) == 0 && status.st_size > 0
    }

    /// Opens an existing database for reading, whatever tables it has: also one that is to be migrated.
    package static func openAsIs(path: String) throws(StoreError) -> Connection {
        guard fileExists(path) else { throw .missing(path: path) }
        try FileReach.check(path)
        return try explained(path) {
            let connection = try Connection(path: path, mode: .readOnly)
            // Whether it is a database shows at the first statement.
            _ = try connection.dataVersion()
            return connection
        }
    }

    /// Makes what is missing and upgrades what is older; safe to run again.
    ///
    /// In one transaction: whoever is killed in the midst, or comes second, finds the tables whole.
    ///
    /// - Parameter unaware: How many living processes would not notice an upgrade; it is refused then.
    /// - Returns: one line for each thing that was done.
    package static func migrate(
        path: String, unaware: () -> Int = { 0 }
    ) throws(StoreError) -> [String] {
        try migrate(path: path, unaware: unaware) { _ in true } ?? []
    }

    /// The same, for a daemon that starts, as far as nobody else is at it: the tables in a file that has no
    /// `outbox`, and outboxd's own where there are older ones.
    ///
    /// Whoever has made the `outbox` and none of outboxd's tables is in the middle of its own migration.
    /// - Returns: nil where it is somebody else's to do; nothing was touched then.
    package static func prepare(
        path: String, unaware: () -> Int = { 0 }
    ) throws(StoreError) -> [String]? {
        if fileExists(path) {
            try FileReach.check(path)
            let mayMigrate = try explained(path) {
                let connection = try Connection(path: path, mode: .readOnly)
                return try connection.snapshot {
                    try Migrator(connection: connection).isFreeToMigrate()
                }
            }
            guard mayMigrate else { return nil }
        }
        return try migrate(path: path, unaware: unaware) { try $0.isFreeToMigrate() }
    }

    /// - Parameter condition: asked inside the transaction; nil is returned where it is false.
    private static func migrate(
        path: String, unaware: () -> Int, if condition: (Migrator) throws -> Bool
    ) throws(StoreError) -> [String]? {
        do throws(StoreError) {
            try FileReach.check(path)
        } catch {
            // It is to be made.
            guard case .missing = error else { throw error }
        }
        return try explained(path) {
            let isNew = !fileExists(path)
            let connection = try Connection(path: path, mode: .create)
            // SQLite makes files 0644: with umask 007 a group that shares the directory could read
            // this one and not write it. The -wal and -shm files get the same mode.
            if isNew { grantByMask(path) }
            try useWriteAheadLog(connection)
            try configure(connection)
            let migrator = Migrator(connection: connection)
            // They are counted without the lock: ten million rows take some seconds.
            let totalsAreWrong = try connection.snapshot { try migrator.hasWrongTotals() }
            CrashPoint.databaseMade.pass(if: isNew)
            let done = try connection.transaction { () -> [String]? in
                guard try condition(migrator) else { return nil }
                return try migrator.run(unaware: unaware, countsAnew: totalsAreWrong)
            }
            CrashPoint.migrated.pass(if: done != nil)
            return done
        }
    }

    /// How many rows an upgrade of the tables has to go through, or some more, while who writes waits; nil if
    /// none is needed, or it goes through none.
    package static func rowsToUpgrade(path: String) throws(StoreError) -> Int? {
        guard fileExists(path) else { return nil }
        let connection = try openAsIs(path: path)
        return try explained(path) {
            let step = try Migrator(connection: connection).currentStep()
            guard let step, Migration.all.contains(where: { $0.number > step && $0.isLong }) else {
                return nil
            }
            return try connection.statement("SELECT max(id) - min(id) + 1 FROM outboxd_rows")
                .first { Int($0.int(0)) }
        }
    }

    /// Runs `body`, and says of an error of SQLite's which file it is about.
    private static func explained<T>(
        _ path: String, _ body: () throws -> T
    ) throws(StoreError) -> T {
        let failure: any Error
        do {
            return try body()
        } catch {
            failure = error
        }
        if let known = failure as? StoreError { throw known }
        let cause =
            failure as? SQLiteError
            ?? SQLiteError(code: 1, message: "\(failure)", operation: "open \(path)")
        if cause.isStorageTrouble, let reason = FileReach.refusal(of: path) {
            throw .outOfReach(path: path, reason: reason)
        }
        throw .unreadable(path: path, cause: cause)
    }

    /// The whole DDL, for API servers that run their own migrations.
    package static var ddl: String {
        let tables = Schema.apiTables.map(\.ddl)
        let own = Migration.all.flatMap { $0.ddl + [Migrator.mark($0)] }
        return (["PRAGMA journal_mode = WAL"] + tables + [Migrator.table] + own)
            .map { $0 + ";\n" }.joined(separator: "\n")
    }

    /// The SQL that makes the file's `outbox` one whose ids are never used again; reads only.
    package static func rebuildOfOutbox(path: String) throws -> String {
        try FileReach.check(path)
        func read(_ mode: Connection.Mode) throws -> String {
            let connection = try Connection(path: path, mode: mode)
            return try connection.snapshot { try OutboxRebuild(connection).sql() }
        }
        do {
            return try read(.readOnly)
        } catch let error as SQLiteError where error.isOutOfReach && !hasLog(path) {
            return try read(.unchanging)
        }
    }

    /// Each "sent" must survive a power failure, since forgetting one means a second mail.
    ///
    /// Checkpoints are outboxd's own to time: the automatic ones are PASSIVE and run inside a
    /// commit. https://sqlite.org/pragma.html#pragma_synchronous
    private static func configure(_ connection: Connection, readOnly: Bool = false) throws {
        try connection.execute(
            """
            PRAGMA synchronous = FULL;
            PRAGMA wal_autocheckpoint = 0;
            PRAGMA mmap_size = 0;
            PRAGMA temp_store = MEMORY;
            PRAGMA cache_size = -\(readOnly ? 2_000 : 3_000);
            """)
        connection.limitValues(to: OutboxLimits.value)
        connection.watchLog()
    }

    /// Switching can meet another process doing the same; the lock it takes ignores the busy handler
    /// in places, so it is asked again. https://sqlite.org/wal.html#activating_and_configuring_wal_mode
    private static func useWriteAheadLog(_ connection: Connection) throws {
        for attempt in 1... {
            do {
                return try connection.execute("PRAGMA journal_mode = WAL")
            } catch {
                guard error.isBusy, attempt < 50 else { throw error }
                Pause.milliseconds(100)
            }
        }
    }

    private static func check(_ connection: Connection, path: String) throws {
        let migrator = Migrator(connection: connection)
        try connection.snapshot {
            guard let found = try migrator.currentStep() else {
                // An outbox that `migrate` would refuse is not waited for.
                for table in Schema.apiTables { _ = try migrator.exists(table) }
                throw StoreError.notMigrated(path: path)
            }
            if found > Migration.newest { throw StoreError.tooNew(found: found) }
            if found < Migration.newest { throw StoreError.outdated(found: found, path: path) }
            for table in Schema.apiTables { _ = try migrator.exists(table) }
        }
    }
}
