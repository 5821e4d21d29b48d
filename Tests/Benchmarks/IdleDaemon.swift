import TestSupport

/// A daemon that waits, with its database and its relay.
final class IdleDaemon {
    let state: IdleState
    private let outbox: Outbox
    private let relay: ScriptedRelay
    private let process: ChildProcess
    private static let rows = 1_000

    /// What it has used up to a moment.
    struct Usage {
        var cpu: Double
        var sleeps: Int
        var written: Int
    }

    init(_ state: IdleState) throws {
        self.state = state
        outbox = try Outbox()
        relay = try ScriptedRelay(listening: state != .relayDown)
        if state == .senderBlocked {
            relay.add(.refuse(sender: "support@acme.test"))
            // Somebody whose mail is accepted: the relay is not to blame.
            try outbox.fill(1, helpdesk: "other")
        }
        try outbox.addHelpdesk("acme", isPaused: state == .paused)
        if state != .empty { try outbox.fill(Self.rows) }
        process = try Product.start(
            "run", on: outbox, relay: relay.url,
            settings: state == .held ? ["OUTBOXD_HOLD": "2h"] : [:])
    }

    deinit { process.terminate() }

    /// - Throws: ``Problem`` where its rows do not wait for what they should.
    func check() throws {
        guard process.exit == nil else { throw Problem("outboxd ended: \(process.errors)") }
        let reasons = try outbox.reasons()
        // A blocked sender's rows are tested now and then: some are put off.
        guard state.reason.map({ reasons[$0, default: 0] > Self.rows / 2 }) ?? reasons.isEmpty
        else { throw Problem("\(state.rawValue): rows wait for \(reasons)") }
    }

    func usage() throws -> Usage {
        Usage(
            cpu: try ProcessUsage.cpu(of: process.processID),
            sleeps: try ProcessUsage.sleeps(of: process.processID),
            written: try ProcessUsage.written(by: process.processID))
    }
}
