internal import Crash
internal import Glibc
internal import SQLite
internal import Service
internal import Store

/// Copies a database beside those who work on it.
struct Backup {
    var database: String
    /// Both absolute.
    var target: String
    /// Asked between two steps; true ends the copy.
    var shouldStop: () -> Bool
    /// Told in percent.
    var progress: (Int) -> Void

    /// The log can't be shortened while the copy reads: by so much it may grow meanwhile.
    ///
    /// 1 GiB.
    var mostLog: Int64 = 1 << 30

    /// - Returns: the size of the copy in octets.
    func run() throws -> Int64 {
        let source = try Database.openAsIs(path: database)
        try checkSpace()
        let copy = try TemporaryCopy(for: target)
        CrashPoint.copyMade.pass()
        defer { copy.remove() }
        try withCopy(at: copy.path) { destination in
            let start = Self.size(of: database + "-wal")
            try source.copy(to: destination) { copied, all in
                progress(all == 0 ? 100 : copied * 100 / all)
                if shouldStop() { throw Self.interrupted(target) }
                guard Self.size(of: database + "-wal") - start <= mostLog else {
                    throw busy
                }
            }
            try check(destination)
        }
        CrashPoint.copyWritten.pass()
        return try copy.finish(like: database)
    }

    /// The connection is closed when this returns.
    private func withCopy(at path: String, _ body: (Connection) throws -> Void) throws {
        do {
            let connection = try Connection(path: path, mode: .readWrite)
            // SQLite need not sync as it writes: ``TemporaryCopy/finish(like:)`` syncs the whole
            // file before it gives it its name, and what a crash leaves without one is not used.
            try connection.execute("PRAGMA synchronous = OFF")
            try withExtendedLifetime(connection) { try body(connection) }
        } catch let error as SQLiteError {
            throw Failure("the copy can't be written: \(error); nothing is left of it", .ioError)
        }
    }

    private func check(_ copy: Connection) throws {
        let fault: String?
        do {
            fault = try copy.integrityFault { !shouldStop() }
        } catch let error as SQLiteError where error.isOverdue {
            throw Self.interrupted(target)
        }
        guard let fault else { return }
        throw Failure(
            "the database is damaged, and so would be its copy: \(fault); nothing is left of it",
            .ioError)
    }

    /// Better known before than after the disk is full: outboxd can then record nothing.
    private func checkSpace() throws(Failure) {
        let needed = Self.size(of: database) + Self.size(of: database + "-wal")
        let directory = FilePath.directory(of: target)
        guard let free = FileSystem.freeSpace(at: directory), free < UInt64(max(0, needed)) else {
            return
        }
        throw Failure(
            "\(directory) has \(Octets.text(Int64(clamping: free))) left, and the copy needs "
                + "\(Octets.text(needed)); name a file elsewhere", .ioError)
    }

    /// In octets; a file that does not exist has 0.
    private static func size(of path: String) -> Int64 {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : 0
    }

    private static func interrupted(_ target: String) -> Failure {
        Failure("interrupted: there is no copy at \(target), and nothing is left of it", .tempFail)
    }

    private var busy: Failure {
        Failure(
            "more than \(Octets.text(mostLog)) was written while the copy was made, and the log can't be "
                + "shortened meanwhile: given up, with nothing left of it; try at a quieter time, or on a "
                + "faster disk", .tempFail)
    }
}
