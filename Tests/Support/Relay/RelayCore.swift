import Synchronization

/// What outlives the stops of a ``ScriptedRelay`` and is shared by all its threads.
final class RelayCore: Sendable {
    let port: ReservedPort
    let configuration: Mutex<RelayConfiguration>
    let script = Mutex(RelayScript())
    let record = Monitor(RelayRecord())

    init(family: Loopback, port: UInt16, configuration: RelayConfiguration) throws {
        self.port = try ReservedPort(family, port: port)
        self.configuration = Mutex(configuration)
    }

    func reaction(to event: RelayEvent) -> RelayReaction {
        script.withLock { $0.reaction(to: event) }
    }

    func note(breach: String, connection: Int) {
        record.update { $0.breaches.append("\(connection): \(breach)") }
    }
}
