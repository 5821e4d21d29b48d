import Glibc
import Synchronization

/// One run of a ``ScriptedRelay``, from its start to its stop: a thread that accepts, and one for
/// each connection.
final class RelayListener: Sendable {
    private struct State {
        var isStopped = false
        var isAccepting = true
        /// The descriptors of open connections, under their numbers.
        var descriptors: [Int: Int32] = [:]
        /// Gates at which sessions wait.
        var gates: [Gate] = []
    }
    private let core: RelayCore
    private let descriptor: Int32
    private let state = Monitor(State())

    init(_ core: RelayCore) throws {
        self.core = core
        descriptor = try core.port.family.makeSocket()
        do {
            if var octets = core.configuration.withLock(\.receiveBuffer) {
                // Before listen(2), so that connections inherit it.
                let size = socklen_t(MemoryLayout<Int32>.size)
                try check(setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &octets, size), "SO_RCVBUF")
            }
            try core.port.family.bind(descriptor, port: core.port.number)
            try check(listen(descriptor, 1_024), "listen")
            // Accepting happens under a lock and must not block there.
            try check(fcntl(descriptor, F_SETFL, O_NONBLOCK), "fcntl")
            try startThread { [self] in acceptAll() }
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    var isStopped: Bool { state.read { $0.isStopped } }

    /// Closes everything, and returns when all threads have ended.
    func stop() {
        let gates = state.update { state in
            state.isStopped = true
            shutdown(descriptor, Int32(SHUT_RDWR))
            for open in state.descriptors.values { shutdown(open, Int32(SHUT_RDWR)) }
            return state.gates
        }
        for gate in gates { gate.nudge() }
        _ = state.wait(timeout: .seconds(30)) { !$0.isAccepting && $0.descriptors.isEmpty }
    }

    /// Waits for that time.
    ///
    /// - Returns: false when the relay stops first.
    func pause(_ time: Duration) -> Bool {
        !state.wait(timeout: time) { $0.isStopped }
    }

    /// Waits until the gate opens.
    ///
    /// - Returns: false when the relay stops first.
    func pass(_ gate: Gate) -> Bool {
        state.update { $0.gates.append(gate) }
        defer {
            state.update { state in
                if let place = state.gates.firstIndex(where: { $0 === gate }) {
                    state.gates.remove(at: place)
                }
            }
        }
        return gate.pass { isStopped }
    }

    /// Ends a connection.
    func end(_ number: Int, reset: Bool) {
        core.record.update { $0.connections[number - 1].closedAt = .now }
        state.update { state in
            guard let open = state.descriptors.removeValue(forKey: number) else { return }
            Self.close(open, reset: reset)
        }
    }

    private func acceptAll() {
        while !isStopped {
            var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            poll(&wanted, 1, -1)
            if let accepted = acceptOne() { serve(accepted) }
        }
        Glibc.close(descriptor)
        state.update { $0.isAccepting = false }
    }

    private func acceptOne() -> Int32? {
        DescriptorLock.withLock {
            let accepted = accept(descriptor, nil, nil)
            guard accepted >= 0 else { return nil }
            _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
            return accepted
        }
    }

    private func serve(_ accepted: Int32) {
        var yes: Int32 = 1
        setsockopt(
            accepted, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        let number = core.record.update { record in
            let number = record.connections.count + 1
            record.connections.append(.init(number: number, openedAt: .now))
            return number
        }
        let isStopped = state.update { state in
            state.descriptors[number] = accepted
            return state.isStopped
        }
        do {
            if isStopped { return end(number, reset: true) }
            try startThread { [self] in
                RelaySession(core, self, descriptor: accepted, number: number).run()
            }
        } catch {
            core.note(breach: "not served: \(error)", connection: number)
            end(number, reset: true)
        }
    }

    private static func close(_ open: Int32, reset: Bool) {
        if reset {
            var abort = linger(l_onoff: 1, l_linger: 0)
            setsockopt(open, SOL_SOCKET, SO_LINGER, &abort, socklen_t(MemoryLayout<linger>.size))
        } else {
            // What has come and was not read would turn the FIN into an RST.
            var rest = [UInt8](repeating: 0, count: 65_536)
            shutdown(open, Int32(SHUT_WR))
            while recv(open, &rest, rest.count, Int32(MSG_DONTWAIT)) > 0 {}
        }
        Glibc.close(open)
    }
}
