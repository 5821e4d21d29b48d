internal import CSQLite

extension Connection {
    /// What a kept statement has cost so far, for tests of how that grows.
    /// https://sqlite.org/c3ref/c_stmtstatus_counter.html
    package struct StatementCost: Sendable, Hashable {
        package var sql: String
        package var runs: Int
        /// Instructions of SQLite's virtual machine, subqueries and triggers included.
        ///
        /// Three to ten for each row that is looked at; but `count(*)` of a whole table is one.
        package var instructions: Int
        /// Steps forward in a table that is read from one end to the other.
        package var scanned: Int
        /// Sorted results that no index gave.
        package var sorts: Int
        /// Rows put into an index that was made for one run.
        package var indexed: Int
    }

    /// Of all statements that were compiled and kept, that is of all but those of ``execute(_:)``.
    package var statementCosts: [StatementCost] {
        var costs: [StatementCost] = []
        var statement = sqlite3_next_stmt(handle, nil)
        while let current = statement {
            func count(_ counter: Int32) -> Int { Int(sqlite3_stmt_status(current, counter, 0)) }
            costs.append(
                StatementCost(
                    sql: sqlite3_sql(current).map { String(cString: $0) } ?? "",
                    runs: count(SQLITE_STMTSTATUS_RUN),
                    instructions: count(SQLITE_STMTSTATUS_VM_STEP),
                    scanned: count(SQLITE_STMTSTATUS_FULLSCAN_STEP),
                    sorts: count(SQLITE_STMTSTATUS_SORT),
                    indexed: count(SQLITE_STMTSTATUS_AUTOINDEX)))
            statement = sqlite3_next_stmt(handle, current)
        }
        return costs
    }
}
