import Synchronization

/// An SMTP server on loopback, for tests: correct by default, and as wrong as a script says.
///
///     let relay = try ScriptedRelay()
///     relay.add(.refuse(recipient: "gone@example.test"))
///     relay.addOnce(.on(.dot, .acceptThenClose))
///     // … outboxd is told to use relay.url …
///     #expect(relay.waitForMails(3))
///
/// Each connection has a thread of its own; everything is recorded in the order in which it
/// happened, and an acceptance before the client can have read it.
package final class ScriptedRelay: Sendable {
    private let core: RelayCore
    private let listener = Mutex<RelayListener?>(nil)

    /// Takes a port, its own unless told otherwise, and listens on it unless told otherwise.
    package init(
        _ configuration: RelayConfiguration = RelayConfiguration(), family: Loopback = .ipv4,
        port: UInt16 = 0, rules: [RelayRule] = [], listening: Bool = true
    ) throws {
        core = try RelayCore(family: family, port: port, configuration: configuration)
        core.script.withLock { $0.standing = rules }
        if listening { try start() }
    }

    deinit { stop() }

    /// Stays the same through stops and starts.
    ///
    /// While the relay is stopped, connections are refused.
    package var port: UInt16 { core.port.number }

    /// For example `smtp://127.0.0.1:40123`.
    package var url: String { "smtp://\(core.port.family.host):\(port)" }

    /// Listens, on the same port each time.
    ///
    /// Nothing happens where it does already.
    package func start() throws {
        try listener.withLock { listener in
            if listener == nil { listener = try RelayListener(core) }
        }
    }

    /// Closes the port and all connections, and returns when no thread is left.
    ///
    /// What waited at a gate or for a delay is given up unanswered. Not to be called by a rule.
    package func stop() {
        listener.withLock { listener in
            listener?.stop()
            listener = nil
        }
    }

    /// What the relay offers; a change holds for later connections.
    package var configuration: RelayConfiguration {
        get { core.configuration.withLock { $0 } }
        set { core.configuration.withLock { $0 = newValue } }
    }

    /// Adds a standing rule, to be asked after those that stand already.
    package func add(_ rule: RelayRule) {
        core.script.withLock { $0.standing.append(rule) }
    }

    /// Adds a standing rule as a closure; see ``RelayRule``.
    package func add(_ rule: @escaping @Sendable (RelayEvent) -> RelayReaction?) {
        add(RelayRule(rule))
    }

    /// Queues a rule that is gone once it has reacted.
    ///
    /// Those of this kind are asked first, in their order.
    package func addOnce(_ rule: RelayRule) {
        core.script.withLock { $0.once.append(rule) }
    }

    /// Takes all rules away: the relay is a correct one again.
    package func clearRules() {
        core.script.withLock { $0 = RelayScript() }
    }
}

/// What was seen, and waiting for it.
extension ScriptedRelay {
    /// All that was seen up to now.
    package var record: RelayRecord { core.record.read { $0 } }

    /// The accepted messages, in the order of acceptance.
    package var mails: [ReceivedMail] { core.record.read { $0.mails } }

    /// The lines of commands, in their order.
    package var commands: [RelayRecord.Command] { core.record.read { $0.commands } }

    /// What clients did that they must not do; see ``RelayRecord/breaches``.
    package var breaches: [String] { core.record.read { $0.breaches } }

    /// Blocks until the condition holds for what was seen.
    ///
    /// - Parameter holds: evaluated under the record's lock, at each change: it must be quick and
    ///   must not use the relay.
    /// - Returns: false when the time has run out.
    package func wait(
        timeout: Duration = .seconds(10), until holds: @escaping @Sendable (RelayRecord) -> Bool
    ) -> Bool {
        core.record.wait(timeout: timeout, until: holds)
    }

    /// Blocks until at least that many messages have been accepted.
    package func waitForMails(_ count: Int, timeout: Duration = .seconds(10)) -> Bool {
        wait(timeout: timeout) { $0.mailCount >= count }
    }

    /// Blocks until no connection is open.
    package func waitUntilAllClosed(timeout: Duration = .seconds(10)) -> Bool {
        wait(timeout: timeout) { $0.openConnections == 0 }
    }
}
