internal import Delivery
internal import SMTP
internal import Service
internal import Synchronization

/// Opens connections, which blocks, on threads of their own, and hands them to the sending thread.
final class Opener: Sendable {
    struct Opened: Sendable {
        var result: Result<RelayConnection, RelayTrouble>
        var epoch: RelayBreaker.Epoch
        var took: Duration
    }

    private struct State {
        var opened: [Opened] = []
        var underWay = 0
        var isStopped = false
        /// Only connections of this epoch are still wanted; nil: all are.
        var wanted: RelayBreaker.Epoch?
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
        state.withLock { $0.underWay += 1 }
        do {
            _ = try OSThread(name: "connect") { [self] in
                let began = clock.steadyNow()
                let result: Result<RelayConnection, RelayTrouble>
                do throws(RelayTrouble) {
                    result = .success(
                        try RelayConnection.open(settings) { self.isUnwanted(epoch) })
                } catch {
                    result = .failure(error)
                }
                finished(
                    Opened(result: result, epoch: epoch, took: clock.steadyNow() - began))
            }
        } catch {
            state.withLock { $0.underWay -= 1 }
            throw error
        }
    }

    private func isUnwanted(_ epoch: RelayBreaker.Epoch) -> Bool {
        state.withLock { $0.isStopped || $0.wanted.map { $0 != epoch } ?? false }
    }

    private func finished(_ opened: Opened) {
        state.withLock { $0.opened.append(opened) }
        wake.signal()
    }

    func takeOpened() -> [Opened] {
        state.withLock { state in
            let taken = state.opened
            state.opened = []
            state.underWay -= taken.count
            return taken
        }
    }

    /// Those of other epochs give up within 50 ms.
    func abandon(allBut epoch: RelayBreaker.Epoch) {
        state.withLock { $0.wanted = epoch }
    }

    /// Those under way give up within 50 ms.
    func stop() {
        state.withLock { $0.isStopped = true }
    }
}
