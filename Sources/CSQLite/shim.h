#pragma once
#include <sqlite3.h>

/// SQLITE_TRANSIENT is a cast of -1 to a function pointer, which Swift does not import.
/// https://sqlite.org/c3ref/c_static.html
static inline sqlite3_destructor_type outboxd_sqlite_transient(void) {
    return SQLITE_TRANSIENT;
}

/// Counting every allocation takes a mutex that all threads share, and nobody reads the count. To be
/// called before the first connection is opened.
/// https://sqlite.org/c3ref/c_config_covering_index_scan.html#sqliteconfigmemstatus
static inline int outboxd_sqlite_count_no_memory(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/// `sqlite3_db_config` is variadic. Used with the options that take an int and an int pointer.
/// https://sqlite.org/c3ref/db_config.html
static inline int outboxd_sqlite_db_config(sqlite3 *db, int option, int value) {
    int now = 0;
    return sqlite3_db_config(db, option, value, &now);
}
