import Synchronization

/// What outlives the stops of a ``ScriptedRelay`` and is shared by all its threads.
final class RelayCore: Sendable {
    let port: ReservedPort
    let configuration: Mutex<RelayConfiguration>
    let script = Mutex(RelayScript())
    let record = Monitor(RelayRecord())

    init(family: Loopback, configuration: RelayConfiguration) throws {
        port = try ReservedPort(family)
        self.configuration = Mutex(configuration)
    }

    func reaction(to event: RelayEvent) -> RelayReaction {
        script.withLock { $0.reaction(to: event) }
    }

    func note(breach: String, connection: Int) {
        record.update { $0.breaches.append("\(connection): \(breach)") }
    }
}
