internal import Delivery
internal import Glibc
internal import Service
internal import Synchronization

/// The demonstration's mail server: SMTP on 127.0.0.1, on a port that the system chooses, with a
/// thread of its own.
///
/// It keeps what it takes.
final class DemoSink: Sendable {
    struct Mail: Sendable {
        var at: WallTime
        var recipient: String
        /// As received, without the dots that SMTP puts before those at the beginning of a line.
        var octets: [UInt8]
        var message: ReceivedMessage

        init(at time: WallTime, recipient: String, octets: [UInt8]) {
            at = time
            self.recipient = recipient
            self.octets = octets
            message = ReceivedMessage(octets)
        }
    }

    let port: Int
    private let listener: Int32
    private let happenings: DemoHappenings
    private let end: EventFD
    private let thread = Mutex<OSThread?>(nil)
    private let state: Mutex<State>

    private struct State {
        var refusals: [String: [String]]
        var mails: [Mail] = []
    }

    /// - Parameter refusals: replies to RCPT for an address, one after the other; after the last one
    ///   it is accepted.
    init(refusals: [String: [String]], telling happenings: DemoHappenings) throws(SystemError) {
        self.happenings = happenings
        state = Mutex(State(refusals: refusals))
        end = try EventFD()
        (listener, port) = try Self.listen()
    }

    deinit { close(listener) }

    var mails: [Mail] { state.withLock(\.mails) }

    func start() throws(SystemError) {
        let started = try OSThread(name: "demo-sink") { [self] in serve() }
        thread.withLock { $0 = started }
    }

    func stop() {
        end.signal()
        thread.withLock { $0?.join() }
    }

    // MARK: The thread

    private func serve() {
        var sessions: [Int32: DemoSinkSession] = [:]
        defer { for descriptor in sessions.keys { close(descriptor) } }
        while true {
            let clients = sessions.keys.sorted()
            let isReady = Waiting.poll([end.descriptor, listener] + clients, timeout: nil)
            if isReady[0] { return }
            if isReady[1] { take(into: &sessions) }
            for (client, isReady) in zip(clients, isReady.dropFirst(2)) where isReady {
                if !talk(client, &sessions[client]) {
                    close(client)
                    sessions[client] = nil
                }
            }
        }
    }

    private func take(into sessions: inout [Int32: DemoSinkSession]) {
        let client = accept(listener, nil, nil)
        guard client >= 0 else { return }
        var session = DemoSinkSession()
        send(session.takeOutput(), to: client)
        sessions[client] = session
    }

    /// - Returns: false at the end of the connection.
    private func talk(_ client: Int32, _ session: inout DemoSinkSession?) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 16_384)
        let count = recv(client, &chunk, chunk.count, 0)
        guard count > 0, session != nil else { return false }
        let events = session?.receive(chunk[..<count]) { refusal(of: $0) } ?? []
        // Known before the client can know it: the comparison at the end is never ahead of this.
        for event in events { note(event) }
        return send(session?.takeOutput() ?? [], to: client) && session?.isOver == false
    }

    private func refusal(of recipient: String) -> String? {
        state.withLock { state in
            guard let reply = state.refusals[recipient]?.first else { return nil }
            state.refusals[recipient]?.removeFirst()
            return reply
        }
    }

    private func note(_ event: DemoSinkSession.Event) {
        if case .accepted(let recipient, let octets) = event {
            let mail = Mail(at: SystemClock().wallNow(), recipient: recipient, octets: octets)
            state.withLock { $0.mails.append(mail) }
        }
        happenings.add(.sink(event))
    }

    /// The replies are a few hundred octets: they fit into the socket's buffer, so that a client that
    /// does not read holds nobody up.
    @discardableResult
    private func send(_ octets: [UInt8], to client: Int32) -> Bool {
        let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
        return Glibc.send(client, octets, octets.count, flags) == octets.count
    }

    // MARK: The socket

    private static func listen() throws(SystemError) -> (Int32, Int) {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_INET, type, 0)
        guard descriptor >= 0 else { throw SystemError(call: "socket", code: errno) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let failed = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> String? in
                if bind(descriptor, address, size) != 0 { return "bind to 127.0.0.1" }
                if Glibc.listen(descriptor, 16) != 0 { return "listen on 127.0.0.1" }
                return getsockname(descriptor, address, &size) != 0 ? "getsockname" : nil
            }
        }
        if let failed {
            let code = errno
            close(descriptor)
            throw SystemError(call: failed, code: code)
        }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }
}
