import Glibc

/// The descriptors of this process, as far as a connection that could not be opened has to know.
///
/// libcurl says "couldn't connect" for a socket that the system did not give it, and the resolver "no address",
/// so that somebody would look at the relay.
enum OpenFiles {
    static let exhaustion =
        "this process may open no more files (setrlimit(2), RLIMIT_NOFILE); raise LimitNOFILE= of the unit, or "
        + "`ulimit -n`"

    /// Whether not even one more can be opened now.
    static var areExhausted: Bool {
        let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard descriptor < 0 else {
            close(descriptor)
            return false
        }
        return errno == EMFILE || errno == ENFILE
    }
}
