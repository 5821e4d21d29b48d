internal import CSQLite

/// A failed call of SQLite: its extended result code, its words, and what was being done.
///
/// Bound values never appear in it: they may be message text or addresses.
package struct SQLiteError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The extended result code. https://sqlite.org/rescode.html
    package var code: Int32
    package var message: String
    /// The statement, without values, or the name of the call.
    package var operation: String

    package init(code: Int32, message: String, operation: String) {
        self.code = code
        self.message = message
        self.operation = operation
    }

    package var description: String {
        "\(message) (SQLite \(code), \(operation.prefix(120)))"
    }

    /// For files that are out of reach before SQLite is asked.
    package static let cannotOpen = SQLITE_CANTOPEN

    /// `SQLITE_CONSTRAINT_TRIGGER`, a macro that Swift does not import.
    private static let constraintTrigger = SQLITE_CONSTRAINT | 7 << 8

    /// A statement succeeded and changed nothing, though there was something to change.
    package static func ignored(_ sql: String) -> SQLiteError {
        SQLiteError(
            code: constraintTrigger,
            message: "a trigger keeps the row from being written, RAISE(IGNORE)", operation: sql)
    }

    /// `SQLITE_CONSTRAINT_FOREIGNKEY`, such a macro too.
    private static let constraintForeignKey = SQLITE_CONSTRAINT | 3 << 8

    /// Other rows refer to what was deleted, by a reference that is checked at the commit.
    package static func referenced(_ sql: String) -> SQLiteError {
        SQLiteError(
            code: constraintForeignKey, message: "FOREIGN KEY constraint failed", operation: sql)
    }

    /// A trigger has said no: RAISE.
    package var isByTrigger: Bool { code == Self.constraintTrigger }

    /// The primary code: the low byte of the extended one.
    package var primaryCode: Int32 { code & 0xFF }

    /// Another process has the lock; the same transaction may succeed later.
    package var isBusy: Bool { primaryCode == SQLITE_BUSY || primaryCode == SQLITE_LOCKED }

    /// The disk, or the quota.
    package var isFull: Bool { primaryCode == SQLITE_FULL }

    /// Nothing can be recorded for now: full disk, read-only file, failing device.
    package var isStorageTrouble: Bool {
        [SQLITE_FULL, SQLITE_IOERR, SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH]
            .contains(primaryCode)
    }

    /// What SQLite needs beside the file can't be made or written.
    package var isOutOfReach: Bool { [SQLITE_READONLY, SQLITE_CANTOPEN].contains(primaryCode) }

    /// The file is no database, or a damaged one.
    package var isDamage: Bool { primaryCode == SQLITE_CORRUPT || primaryCode == SQLITE_NOTADB }

    /// A value is longer than the connection's limit: the row's own fault, whoever else is read with it.
    package var isTooBig: Bool { primaryCode == SQLITE_TOOBIG }

    /// It was ended since it took too long.
    package var isOverdue: Bool { primaryCode == SQLITE_INTERRUPT }

    /// The statement can't be carried out with these values, whatever the state of the file: what it
    /// read or wrote is to blame, and another mail's statement may go through.
    ///
    /// | primary code | for example | about the statement |
    /// |---|---|---|
    /// | ERROR | a view whose `json_extract` meets bad JSON; no such table | yes |
    /// | CONSTRAINT, MISMATCH, RANGE | a NOT NULL column that we do not know; a trigger's RAISE | yes |
    /// | TOOBIG, NOMEM | a text that is larger than SQLite takes, or than there is memory | yes |
    /// | INTERRUPT | a view that takes seconds: ``Connection/withLimit(_:_:)`` | yes |
    /// | BUSY, LOCKED, SCHEMA, PROTOCOL, ABORT | another process is in the way | no |
    /// | FULL, IOERR, READONLY, CANTOPEN, PERM, AUTH, NOLFS | the disk, the file's mode | no |
    /// | CORRUPT, NOTADB, FORMAT | a damaged file | no |
    /// | INTERNAL, MISUSE and whatever else | nothing is known of it | no |
    ///
    /// https://sqlite.org/rescode.html#primary_result_code_list
    package var isAboutTheStatement: Bool {
        [
            SQLITE_ERROR, SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_RANGE, SQLITE_TOOBIG,
            SQLITE_NOMEM, SQLITE_INTERRUPT,
        ].contains(primaryCode)
    }
}
