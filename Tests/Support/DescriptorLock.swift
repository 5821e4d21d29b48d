import Glibc
import Synchronization

/// File descriptors must not leak into the children that other tests start at the same moment: an
/// inherited socket stays open for as long as the child lives.
///
/// Making one and marking it close-on-exec happens under this lock, and so does starting a child.
enum DescriptorLock {
    private static let lock = Mutex(())

    static func withLock<Result>(_ body: () throws -> Result) rethrows -> Result {
        try lock.withLock { _ in try body() }
    }

    /// A pipe whose ends are not inherited.
    static func makePipe() throws -> (reading: Int32, writing: Int32) {
        try withLock {
            var ends: [Int32] = [-1, -1]
            try check(pipe(&ends), "pipe")
            for end in ends { try check(fcntl(end, F_SETFD, FD_CLOEXEC), "fcntl") }
            return (ends[0], ends[1])
        }
    }
}
