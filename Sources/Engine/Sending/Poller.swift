internal import CLinux
internal import Delivery
internal import Glibc

/// Waits for descriptors (ppoll(2)); the array is kept, since this is asked at every round.
struct Poller {
    private var entries: [pollfd] = []

    mutating func clear() { entries.removeAll(keepingCapacity: true) }

    mutating func add(_ descriptor: Int32, writing: Bool = false) {
        let events = Int16(POLLIN) | (writing ? Int16(POLLOUT) : 0)
        entries.append(pollfd(fd: descriptor, events: events, revents: 0))
    }

    /// - Parameter timeout: nil waits until something happens.
    mutating func wait(_ timeout: Duration?) {
        let nanoseconds = timeout.map { max(0, $0.inNanoseconds) } ?? -1
        let count = outboxd_ppoll(&entries, nfds_t(entries.count), nanoseconds)
        guard count < 0 else { return }
        // Interrupted: the caller looks at everything again.
        for index in entries.indices { entries[index].revents = 0 }
    }

    /// Readable, writable, closed or in error.
    func isReady(_ index: Int) -> Bool { entries[index].revents != 0 }
}
