import Glibc

/// Core files hold the memory of a process that crashed: the relay's password, and mails.
package enum CoreLimit {
    /// No core is kept, neither as a file nor by a program that the kernel pipes it to.
    ///
    /// For a pipe a limit of 0 counts for nothing and one of 1 means none (core(5)); for a file 1 octet is too
    /// small for any. Who looks for a crash raises it while the process runs: `prlimit --core=unlimited --pid PID`.
    package static func lower() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = min(1, limit.rlim_max)
        // It is never above what it was, which is always allowed.
        _ = setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
    }
}
