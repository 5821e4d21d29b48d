import TestSupport
import Testing

/// A daemon that is stopped with three mails, of which the relay holds the first at a stage of its dialogue.
///
/// Its lease lasts a second, and it has one connection.
struct FrozenDaemon {
    let gate = Gate()
    let relay: ScriptedRelay
    let outboxd: Outboxd

    init(at stage: RelayEvent.Verb) throws {
        relay = try ScriptedRelay(rules: [.first(1, stage, .hold(gate))])
        outboxd = try Outboxd(
            ["OUTBOXD_LEASE": "1s", "OUTBOXD_SMTP_CONNECTIONS": "1"], relay: relay)
    }

    /// - Returns: the process, and the rows of its mails.
    func freeze() throws -> (process: ChildProcess, ids: [Int64]) {
        let process = try outboxd.run()
        let ids = try outboxd.insert((0..<3).map { Row(conversation: "c\($0)", instant: true) })
        #expect(gate.waitForArrivals())
        try outboxd.freeze(process)
        return (process, ids)
    }
}
