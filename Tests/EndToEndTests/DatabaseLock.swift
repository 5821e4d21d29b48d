import SQLite

/// Holds the write lock of a database, as a slow writer does.
final class DatabaseLock {
    private let connection: Connection

    init(_ database: String) throws {
        connection = try Connection(path: database, mode: .readWrite)
        try connection.execute("BEGIN IMMEDIATE")
    }

    func release() throws {
        try connection.execute("COMMIT")
    }
}
