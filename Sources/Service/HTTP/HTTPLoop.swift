internal import Delivery
internal import Glibc

/// What the server's thread does.
final class HTTPLoop {
    private let address: ListenAddress
    private let limits: HTTPLimits
    private let wake: EventFD
    private let tell: (HTTPServer.Event) -> Void
    private let answer: (HTTPRequest) -> HTTPResponse
    private let clock = SystemClock()

    private var listening: [Int32] = []
    private var connections: [HTTPConnection] = []
    /// While nothing listens: when that is tried again.
    private var listenAt: SteadyTime?
    private var pause: Duration
    private var hasToldFailure = false
    /// No connection is taken until then: there was no descriptor for one.
    private var acceptAt: SteadyTime?
    private var share: WorkShare

    private static let longestPause: Duration = .seconds(30)
    /// Connections taken in one round.
    private static let mostAtOnce = 16

    init(
        _ address: ListenAddress, _ limits: HTTPLimits, _ wake: EventFD,
        tell: @escaping (HTTPServer.Event) -> Void,
        answer: @escaping (HTTPRequest) -> HTTPResponse
    ) {
        self.address = address
        self.limits = limits
        self.wake = wake
        self.tell = tell
        self.answer = answer
        pause = limits.listenPause
        share = WorkShare(limits.busy, of: limits.window, at: clock.steadyNow())
    }

    func run() {
        defer { closeAll() }
        while true {
            let now = clock.steadyNow()
            if let rest = share.pause(at: now) {
                // Whatever has come in waits: the mail's threads have the machine.
                if wake.wait(timeout: rest) { return }
                continue
            }
            let polled = connections
            let isReady = poll(polled, at: now)
            if isReady[0] { return }
            let began = clock.steadyNow()
            turn(polled, isReady, at: began)
            share.worked(from: began, to: clock.steadyNow())
        }
    }

    // MARK: Waiting

    /// - Returns: for the signal, the listening sockets and the connections, in this order.
    private func poll(_ polled: [HTTPConnection], at now: SteadyTime) -> [Bool] {
        let mayAccept = acceptAt.map { $0 <= now } ?? true
        var entries = [pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0)]
        // A negative descriptor is passed over.
        entries += listening.map {
            pollfd(fd: mayAccept ? $0 : -1, events: Int16(POLLIN), revents: 0)
        }
        entries += polled.map {
            pollfd(
                fd: $0.descriptor, events: Int16($0.isWriting ? POLLOUT : POLLIN), revents: 0)
        }
        let isPending = polled.contains(where: \.isPending)
        let wait = isPending ? 0 : nextTime().map { milliseconds(from: now, until: $0) } ?? -1
        let count = Glibc.poll(&entries, nfds_t(entries.count), wait)
        // Interrupted: the next round looks again.
        return entries.map { count > 0 && $0.revents != 0 }
    }

    private func nextTime() -> SteadyTime? {
        let times = connections.map(\.deadline) + [listenAt, acceptAt].compactMap(\.self)
        return times.min()
    }

    /// Rounded up, so that nothing is early.
    private func milliseconds(from now: SteadyTime, until end: SteadyTime) -> Int32 {
        Int32(clamping: max(0, ((end - now).inNanoseconds + 999_999) / 1_000_000))
    }

    // MARK: A round

    private func turn(_ polled: [HTTPConnection], _ isReady: [Bool], at now: SteadyTime) {
        if let time = listenAt, time <= now { listen(at: now) }
        if let time = acceptAt, time <= now { acceptAt = nil }
        for (connection, isReady) in zip(polled, isReady.suffix(polled.count)) {
            if connection.isPending {
                connection.servePending(at: now)
            } else if isReady {
                connection.serve(at: now)
            }
            if connection.phase != .closed, connection.deadline <= now {
                connection.expire(at: now)
            }
        }
        connections.removeAll { $0.phase == .closed }
        for (socket, isReady) in zip(listening, isReady.dropFirst().dropLast(polled.count))
        where isReady {
            takeConnections(socket, at: now)
        }
    }

    // MARK: Listening

    func listen(at now: SteadyTime) {
        do throws(SystemError) {
            listening = try ListeningSocket.open(address)
            listenAt = nil
            tell(.listening)
        } catch {
            if !hasToldFailure { tell(.cannotListen(error)) }
            hasToldFailure = true
            listenAt = now + pause
            pause = min(pause * 2, Self.longestPause)
        }
    }

    private func takeConnections(_ socket: Int32, at now: SteadyTime) {
        for _ in 0..<Self.mostAtOnce {
            let descriptor = accept(socket, nil, nil)
            guard descriptor >= 0 else {
                // Without a descriptor to spare, poll(2) would show the same again at once.
                if errno != EAGAIN, errno != EINTR, errno != ECONNABORTED {
                    acceptAt = now + .seconds(1)
                }
                return
            }
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            guard makeRoom() else {
                turnAway(descriptor)
                continue
            }
            connections.append(
                HTTPConnection(descriptor, limits, at: now, answer: answer))
        }
    }

    /// Who is between two requests, or on the way out, leaves for somebody who has come.
    private func makeRoom() -> Bool {
        guard connections.count >= limits.connections else { return true }
        guard let index = connections.firstIndex(where: \.isSpare) else { return false }
        connections.remove(at: index).close()
        return true
    }

    private func turnAway(_ descriptor: Int32) {
        let response = HTTPResponse(.unavailable, "too many connections")
        let octets = response.octets(isHead: false, closes: true, at: clock.wallNow())
        _ = send(descriptor, octets, octets.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
        shutdown(descriptor, Int32(SHUT_WR))
        // What was said already is taken: closed over it, the answer could be lost.
        var buffer = [UInt8](repeating: 0, count: 4_096)
        _ = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        close(descriptor)
    }

    private func closeAll() {
        for connection in connections { connection.close() }
        for socket in listening { close(socket) }
        connections = []
        listening = []
    }
}
