import Glibc

/// How many files and connections the process may have open.
package enum DescriptorLimit {
    /// Raises the soft limit to the hard one: a connection to the relay takes several descriptors, and
    /// the soft limit is low for the sake of select(2), which nothing here uses.
    package static func raise() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        // Not being allowed to is no reason not to run.
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
