import Glibc

/// What the system lets this process have: setrlimit(2).
package enum ProcessLimit {
    /// Raises how many files and connections may be open to the hard limit: a connection to the relay takes several
    /// descriptors, and the soft limit is low for the sake of select(2), which nothing here uses.
    package static func raiseDescriptors() { setSoft(RLIMIT_NOFILE) { $0 } }

    /// No core is kept, neither as a file nor by a program that the kernel pipes it to: it would hold the relay's
    /// password, and mails.
    ///
    /// For a pipe a limit of 0 counts for nothing and one of 1 means none (core(5)); for a file 1 octet is too
    /// small for any. Who looks for a crash raises it while the process runs: `prlimit --core=unlimited --pid PID`.
    package static func keepNoCore() { setSoft(RLIMIT_CORE) { min(1, $0) } }

    /// - Parameter value: of the hard limit.
    private static func setSoft(_ resource: __rlimit_resource, _ value: (rlim_t) -> rlim_t) {
        var limit = rlimit()
        let resource = __rlimit_resource_t(resource.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return }
        limit.rlim_cur = value(limit.rlim_max)
        // Not being allowed to is no reason not to run.
        _ = setrlimit(resource, &limit)
    }
}
