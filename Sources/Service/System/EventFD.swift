import CLinux
import Glibc

/// A wake-up between threads that poll(2) can wait for (eventfd(2)).
///
/// Many signals before a look count as one.
package final class EventFD: Sendable {
    /// For poll; readable once signalled.
    ///
    /// Lives as long as this object.
    package let descriptor: Int32

    package init() throws(SystemError) {
        let flags = Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK)
        descriptor = eventfd(0, flags)
        guard descriptor >= 0 else { throw SystemError(call: "eventfd", code: errno) }
    }

    deinit { close(descriptor) }

    /// Wakes whoever waits, or will wait.
    ///
    /// From any thread.
    package func signal() {
        // The one failure, EAGAIN, means that the counter is full: it is readable, as it should be.
        _ = SystemError.retrying { eventfd_write(descriptor, 1) }
    }

    /// Takes the signals back; true if there were any.
    @discardableResult
    package func drain() -> Bool {
        var count: eventfd_t = 0
        return SystemError.retrying { eventfd_read(descriptor, &count) } == 0
    }

    /// Waits until it is signalled, without draining it; false when the time has passed.
    package func wait(timeout: Duration?) -> Bool {
        Waiting.poll([descriptor], timeout: timeout).first == true
    }
}
