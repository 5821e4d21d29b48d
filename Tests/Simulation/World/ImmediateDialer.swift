import Delivery
import SMTP
import Synchronization

@testable import Engine

/// Opens connections, or fails to, in no time.
final class ImmediateDialer: RelayDialer {
    private let wake: any Signal
    private let connect: @Sendable () -> Result<any RelayChannel, RelayTrouble>
    private let opened = Mutex<[OpenedConnection]>([])

    init(
        wake: any Signal,
        connect: @escaping @Sendable () -> Result<any RelayChannel, RelayTrouble>
    ) {
        self.wake = wake
        self.connect = connect
    }

    var underWay: Int { opened.withLock(\.count) }
    var isQuiet: Bool { true }

    func open(epoch: RelayBreaker.Epoch) {
        let result = connect()
        opened.withLock {
            $0.append(OpenedConnection(result: result, epoch: epoch, took: .zero))
        }
        wake.signal()
    }

    func takeOpened() -> [OpenedConnection] {
        opened.withLock { opened in
            defer { opened = [] }
            return opened
        }
    }

    func use(_ settings: ConnectionSettings) {}
    func takeSilences() -> [RelaySilence] { [] }
    func abandon(before epoch: RelayBreaker.Epoch) {}
    func stop() {}
}
