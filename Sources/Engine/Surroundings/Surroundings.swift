internal import SMTP
internal import Store

/// What the engine takes from the world around it: its clocks, its randomness, the
/// database, the way to the relay, and how much it does at once.
///
/// A simulator brings its own, and then decides all that happens.
struct Surroundings: Sendable {
    var clock = EngineClock.system
    var random = EngineRandom()
    /// The database at a path, and the path that the settings name.
    var database: @Sendable (String, String) -> any OutboxDatabase = {
        SQLiteDatabase(path: $0, givenAs: $1)
    }
    /// The in-flight journals beside a database.
    var journals: @Sendable (String) -> any Journals = { JournalDirectory(database: $0) }
    /// Commits of other processes are noticed at once, by way of inotify(7); else only polled for.
    var watchesCommits = true
    var batches = Batches()
    /// Makes what opens connections, given the signal that says when one is there.
    var dialer: @Sendable (ConnectionSettings, any Signal) -> any RelayDialer = {
        Dialer($0, wake: $1)
    }
}
