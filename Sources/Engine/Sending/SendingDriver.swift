internal import Glibc
internal import Service

/// Runs a ``SendingLoop`` on the thread that calls it: waits for signals, the relay and time between its
/// turns.
struct SendingDriver {
    let loop: SendingLoop
    /// ``HandOff/forSending``.
    let signal: EventFD
    private var poller = Poller()
    private var relayYield = RelayYield()

    init(_ loop: SendingLoop, signal: EventFD) {
        self.loop = loop
        self.signal = signal
    }

    mutating func run() {
        poller.clear()
        while let time = loop.turn(isReady: { poller.isReady($0 + 1) }) {
            poller.clear()
            poller.add(signal.descriptor)
            for pooled in loop.relay.connections {
                poller.add(pooled.connection.descriptor ?? -1, writing: pooled.wantsWrite)
            }
            letRelayGoFirst()
            poller.wait(time)
        }
    }

    private mutating func letRelayGoFirst() {
        let mails = loop.relay.busyCount
        let start = loop.clock.steadyNow()
        guard relayYield.mayYield(underWay: mails, at: start) else { return }
        sched_yield()
        relayYield.yielded(underWay: mails, from: start, to: loop.clock.steadyNow())
    }
}
