import Delivery
import TestSupport

/// A relay that answers late: more connections send more, in proportion.
struct SlowRelayBenchmark {
    private static let connections = [4, 16, 64]

    func run() throws -> [Figure] {
        try measure(delay: 20, mailsEach: 100) + measure(delay: 200, mailsEach: 15)
    }

    /// - Parameters:
    ///   - delay: of each answer, in milliseconds.
    ///   - mailsEach: over each connection.
    private func measure(delay: Int, mailsEach: Int) throws -> [Figure] {
        let sink = try TimingSink(delay: .milliseconds(delay))
        var figures: [Figure] = []
        var first = 0.0
        for connections in Self.connections {
            let mails = connections * mailsEach
            Bench.say("a relay that takes \(delay) ms, \(connections) connections")
            let outbox = try Outbox()
            try outbox.fill(mails)
            let ours = try Product.drain(
                outbox, into: sink.url,
                settings: ["OUTBOXD_SMTP_CONNECTIONS": "\(connections)"]
            ).rate(mails)
            let theirs = try SMTPSource(address: sink.address, connections: connections)
                .send(mails).rate(mails)
            if first == 0 { first = ours / Double(connections) }
            let name = "relay of \(delay) ms, connections \(connections): "
            figures += [
                Figure(name + "outboxd drain", "mails/s", ours),
                Figure(name + "ratio to smtp-source -d", "", ours / theirs, .atLeast(1)),
            ]
            if connections != Self.connections[0] {
                figures.append(
                    Figure(
                        name + "part of proportion", "", ours / first / Double(connections),
                        .atLeast(0.8)))
            }
        }
        return figures
    }
}
