internal import Glibc

/// A short sleep of the calling thread.
enum Pause {
    static func milliseconds(_ count: UInt32) { usleep(count * 1_000) }
}

func fileExists(_ path: String) -> Bool {
    // stat, never open: closing any descriptor of the file would drop SQLite's locks on it.
    // https://sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_
    var status = stat()
    return stat(path, &status) == 0
}

/// Read and write for owner and group, as far as the umask lets them; nothing for others: customers' words stand in
/// the file.
///
/// Only by path: closing a descriptor of the file would drop SQLite's locks on it.
func grantByMask(_ path: String) {
    let mask = umask(0)
    umask(mask)
    // A file of another owner keeps its mode; then it is that owner's to grant.
    _ = chmod(path, 0o660 & ~mask)
}
