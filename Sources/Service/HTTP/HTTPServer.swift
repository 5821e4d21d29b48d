internal import Delivery
internal import Glibc
internal import Synchronization

/// A small HTTP/1.1 server on one thread of its own: GET and HEAD, answers from memory.
///
/// Bounded in everything (``HTTPLimits``), so that whoever reaches it can make it slow for others that ask
/// it, and nothing else: it shares no lock with a thread that works, but for the moment that it takes to copy
/// numbers.
package final class HTTPServer: Sendable {
    /// What there is to tell an operator.
    package enum Event: Sendable, Equatable {
        case listening
        /// Somebody else has the port, or it can't be had: it is tried again.
        case cannotListen(SystemError)
    }

    private let address: ListenAddress
    private let limits: HTTPLimits
    private let answer: @Sendable (HTTPRequest) -> HTTPResponse
    private let tell: @Sendable (Event) -> Void
    private let threadName: String
    private let wake: EventFD
    private let thread = Mutex<OSThread?>(nil)

    /// - Parameter answer: Called on the server's thread, for each request; fast.
    /// - Parameter tell: Called on the caller's thread and the server's.
    package init(
        _ address: ListenAddress, limits: HTTPLimits = HTTPLimits(), thread: String = "metrics",
        tell: @escaping @Sendable (Event) -> Void,
        answer: @escaping @Sendable (HTTPRequest) -> HTTPResponse
    ) throws(SystemError) {
        self.address = address
        self.limits = limits
        threadName = thread
        self.tell = tell
        self.answer = answer
        wake = try EventFD()
    }

    /// Listens, or has tried once, when it returns.
    package func start() throws(SystemError) {
        let loop = HTTPLoop(address, limits, wake, tell: tell, answer: answer)
        loop.listen(at: SystemClock().steadyNow())
        // Made here, used over there alone.
        nonisolated(unsafe) let moved = loop
        let started = try OSThread(name: threadName) { moved.run() }
        thread.withLock { $0 = started }
    }

    /// Ends the thread, its connections and its sockets.
    package func stop() {
        wake.signal()
        thread.withLock { thread in
            defer { thread = nil }
            return thread
        }?.join()
    }
}
