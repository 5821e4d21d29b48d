import Delivery
import SQLite
import Store
import TestSupport

@testable import Engine

/// An SQLite file of its own, migrated, with a store on it and the API server's connection.
final class SQLiteBed: StoreBed {
    let directory: TemporaryDirectory
    let path: String
    let sqlite: SQLiteStore
    let server: Connection

    /// - Parameter atCommit: As the store takes it, with the database's path.
    init(atCommit: ((CommitPoint, String) throws -> Void)? = nil) throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("outbox.db")
        (self.directory, self.path) = (directory, path)
        _ = try Database.migrate(path: path)
        sqlite = try SQLiteStore(
            connection: Database.open(path: path),
            atCommit: atCommit.map { atCommit in { try atCommit($0, path) } })
        server = try Connection(path: path, mode: .readWrite)
        let settings = try RealRules.settings()
        sqlite.senderOf = { ClaimRules.senderName(of: $0, settings) }
        // What is tested is not what survives a power failure.
        try sqlite.connection.execute("PRAGMA synchronous = OFF")
        try server.execute("PRAGMA synchronous = OFF")
    }

    var store: any OutboxStore { sqlite }

    func another() throws -> any OutboxStore { try anotherSQLite() }

    func anotherSQLite() throws -> SQLiteStore {
        let connection = try Database.open(path: path)
        try connection.execute("PRAGMA synchronous = OFF")
        return try SQLiteStore(connection: connection)
    }

    @discardableResult
    func insert(_ row: TestRow) throws -> Int64 { try row.insert(into: server) }

    @discardableResult
    func api(_ sql: String) throws -> [String] { try server.texts(sql) }
}

extension Connection {
    /// The first column of each row, NULL as "-".
    func texts(_ sql: String) throws -> [String] {
        try statement(sql).all { $0.isNull(0) ? "-" : $0.text(0) }
    }
}
