internal import SMTP

/// What the engine takes from the world around it: its clocks, its randomness, and the way to the relay.
///
/// A simulator brings its own, and then decides all that happens.
struct Surroundings: Sendable {
    var clock = EngineClock.system
    var random = EngineRandom()
    /// Commits of other processes are noticed at once, by way of inotify(7); else only polled for.
    var watchesCommits = true
    /// Makes what opens connections, given the signal that says when one is there.
    var dialer: @Sendable (ConnectionSettings, any Signal) -> any RelayDialer = {
        Dialer($0, wake: $1)
    }
}
