internal import Delivery
internal import SMTP
internal import Service
internal import Synchronization

/// Opens connections, which blocks, on threads of their own, and hands them to the sending thread.
final class Dialer: RelayDialer {
    private struct State {
        var settings: ConnectionSettings
        var opened: [OpenedConnection] = []
        var silences: [RelaySilence] = []
        var underWay = 0
        var isStopped = false
        /// Connections of epochs before this one are wanted no more; nil: all are.
        var oldestWanted: RelayBreaker.Epoch?
        var threads: [Int: OSThread] = [:]
        /// Those with nothing left to do but to end.
        var ending: [Int] = []
        var number = 0
    }

    private let state: Mutex<State>
    private let wake: any Signal
    private let clock = SystemClock()

    init(_ settings: ConnectionSettings, wake: any Signal) {
        state = Mutex(State(settings: settings))
        self.wake = wake
    }

    var underWay: Int { state.withLock(\.underWay) }

    func open(epoch: RelayBreaker.Epoch) throws(SystemError) {
        let (number, settings) = state.withLock { state in
            state.underWay += 1
            state.number += 1
            return (state.number, state.settings)
        }
        do {
            let thread = try OSThread(name: "connect") { [self] in
                let began = clock.steadyNow()
                let result: Result<any RelayChannel, RelayTrouble>
                do throws(RelayTrouble) {
                    result = .success(
                        try RelayConnection.open(
                            settings, shouldStop: { self.isUnwanted(epoch) },
                            onSilence: { self.isSilent(RelaySilence(error: $0, epoch: epoch)) }))
                } catch {
                    result = .failure(error)
                }
                finished(
                    OpenedConnection(result: result, epoch: epoch, took: clock.steadyNow() - began),
                    number)
            }
            state.withLock { $0.threads[number] = thread }
        } catch {
            state.withLock { $0.underWay -= 1 }
            throw error
        }
    }

    private func isSilent(_ silence: RelaySilence) {
        state.withLock { $0.silences.append(silence) }
        wake.signal()
    }

    func takeSilences() -> [RelaySilence] {
        state.withLock { state in
            defer { state.silences = [] }
            return state.silences
        }
    }

    private func isUnwanted(_ epoch: RelayBreaker.Epoch) -> Bool {
        state.withLock { $0.isStopped || $0.oldestWanted.map { epoch < $0 } ?? false }
    }

    private func finished(_ opened: OpenedConnection, _ number: Int) {
        state.withLock { state in
            state.opened.append(opened)
            state.ending.append(number)
        }
        wake.signal()
    }

    func takeOpened() -> [OpenedConnection] {
        joinEnding()
        return state.withLock { state in
            let taken = state.opened
            state.opened = []
            state.underWay -= taken.count
            return taken
        }
    }

    /// A thread is gone when it was joined: until then libcurl and OpenSSL may be tidying up on it,
    /// which must not run into the end of the process.
    private func joinEnding() {
        let ending = state.withLock { state in
            defer { state.ending = [] }
            return state.ending.compactMap { state.threads.removeValue(forKey: $0) }
        }
        for thread in ending { thread.join() }
    }

    var isQuiet: Bool { state.withLock(\.threads.isEmpty) }

    func use(_ settings: ConnectionSettings) {
        state.withLock { $0.settings = settings }
    }

    /// Within 50 ms.
    func abandon(before epoch: RelayBreaker.Epoch) {
        state.withLock { $0.oldestWanted = epoch }
    }

    /// Within 50 ms.
    func stop() {
        state.withLock { $0.isStopped = true }
    }
}
