internal import CSQLite

extension Connection {
    /// Whether the column is an INTEGER PRIMARY KEY AUTOINCREMENT.
    ///
    /// SQLite itself is asked, since the text of a table may say so in a comment or a column's name. False
    /// where table or column are missing.
    /// https://sqlite.org/c3ref/table_column_metadata.html
    package func isAutoincrement(_ column: String, of table: String) throws(SQLiteError) -> Bool {
        var isAutoincrement: Int32 = 0
        let code = sqlite3_table_column_metadata(
            handle, "main", table, column, nil, nil, nil, nil, &isAutoincrement)
        // SQLITE_ERROR says that there is no such table or column; a view is none.
        if code & 0xFF == SQLITE_ERROR { return false }
        guard code == SQLITE_OK else { throw error(code, "sqlite3_table_column_metadata") }
        return isAutoincrement != 0
    }
}

extension Connection {
    /// Whether the commit would fail, since rows refer to some that are gone (`DEFERRABLE INITIALLY DEFERRED`).
    /// https://sqlite.org/c3ref/c_dbstatus_options.html (SQLITE_DBSTATUS_DEFERRED_FKS)
    package var hasOpenReferences: Bool {
        var count: Int32 = 0
        var highest: Int32 = 0
        sqlite3_db_status(handle, SQLITE_DBSTATUS_DEFERRED_FKS, &count, &highest, 0)
        return count != 0
    }

    /// Pages that this connection has read from the file or its log, for tests of what a statement
    /// reads. https://sqlite.org/c3ref/c_dbstatus_options.html (SQLITE_DBSTATUS_CACHE_MISS)
    package var pagesRead: Int {
        var count: Int32 = 0
        var highest: Int32 = 0
        sqlite3_db_status(handle, SQLITE_DBSTATUS_CACHE_MISS, &count, &highest, 0)
        return Int(count)
    }
}
