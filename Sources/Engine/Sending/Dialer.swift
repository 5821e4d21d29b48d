internal import Delivery
internal import SMTP
internal import Service
internal import Synchronization

/// Opens connections, which blocks, on threads of their own, and hands them to the sending thread.
final class Dialer: Sendable {
    struct Opened: Sendable {
        var result: Result<RelayConnection, RelayTrouble>
        var epoch: RelayBreaker.Epoch
        var took: Duration
    }

    private struct State {
        var opened: [Opened] = []
        var underWay = 0
        var isStopped = false
        /// Connections of epochs before this one are wanted no more; nil: all are.
        var oldestWanted: RelayBreaker.Epoch?
        var threads: [Int: OSThread] = [:]
        /// Those with nothing left to do but to end.
        var ending: [Int] = []
        var number = 0
    }

    private let state = Mutex(State())
    private let settings: ConnectionSettings
    private let wake: EventFD
    private let clock = SystemClock()

    init(_ settings: ConnectionSettings, wake: EventFD) {
        self.settings = settings
        self.wake = wake
    }

    /// Those that were begun and not taken yet: what is open already and waits to be taken counts
    /// too, or else there would be more than wanted.
    var underWay: Int { state.withLock(\.underWay) }

    /// Begins to open a connection; the wake-up says when it is there, or is not.
    func open(epoch: RelayBreaker.Epoch) throws(SystemError) {
        let number = state.withLock { state in
            state.underWay += 1
            state.number += 1
            return state.number
        }
        do {
            let thread = try OSThread(name: "connect") { [self] in
                let began = clock.steadyNow()
                let result: Result<RelayConnection, RelayTrouble>
                do throws(RelayTrouble) {
                    result = .success(
                        try RelayConnection.open(settings) { self.isUnwanted(epoch) })
                } catch {
                    result = .failure(error)
                }
                finished(
                    Opened(result: result, epoch: epoch, took: clock.steadyNow() - began), number)
            }
            state.withLock { $0.threads[number] = thread }
        } catch {
            state.withLock { $0.underWay -= 1 }
            throw error
        }
    }

    private func isUnwanted(_ epoch: RelayBreaker.Epoch) -> Bool {
        state.withLock { $0.isStopped || $0.oldestWanted.map { epoch < $0 } ?? false }
    }

    private func finished(_ opened: Opened, _ number: Int) {
        state.withLock { state in
            state.opened.append(opened)
            state.ending.append(number)
        }
        wake.signal()
    }

    func takeOpened() -> [Opened] {
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

    /// No thread is left.
    var isQuiet: Bool { state.withLock(\.threads.isEmpty) }

    /// Those of earlier epochs give up within 50 ms; those of later ones are opened as ever.
    func abandon(before epoch: RelayBreaker.Epoch) {
        state.withLock { $0.oldestWanted = epoch }
    }

    /// Those under way give up within 50 ms.
    func stop() {
        state.withLock { $0.isStopped = true }
    }
}
