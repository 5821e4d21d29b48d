import Delivery
import SMTP
import Service
import Store
import Synchronization
import TestSupport
import Testing

@testable import Engine
@testable import outboxd_simulate

/// A relay that says 250 to a message of which it has the first half.
struct EarlyReplyTests {
    @Test func `a reply that came before the dot is not taken for the reply to it`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("outbox.db")
        let journal = try InFlightJournal.create(besideDatabase: path, connections: 1, bootID: "b")
        defer { journal.remove() }
        let handOff = try HandOff()
        handOff.leaseStands(until: SteadyTime(nanoseconds: .max))
        let channel = EarlyChannel()
        let relay = ConnectionSettings(host: "relay.test", port: 25, tls: .none)
        var surroundings = Surroundings()
        surroundings.dialer = { _, wake in ImmediateDialer(wake: wake) { .success(channel) } }
        let loop = SendingLoop(
            EngineSettings(database: path, relay: relay, connections: 1), handOff: handOff,
            journal: journal, check: CountedChecks { _ in .go }, heartbeat: Heartbeat(),
            surroundings: surroundings, observer: { _ in })
        // Two writes: the second holds the dot.
        let lines = String(repeating: String(repeating: "x", count: 98) + "\r\n", count: 250)
        handOff.send([SendingBed.mail(1, text: "Subject: hi\r\n\r\n" + lines)])
        var results: [SendResult] = []
        for _ in 0..<20 where results.isEmpty {
            _ = loop.turn { _ in true }
            results = handOff.takeResults().results
        }
        guard case .verdict(.deferred(let error)) = results.first?.end else {
            Issue.record("\(results.map { "\($0.end)" })")
            return
        }
        #expect(error.stage == .body && error.text == "unreadable reply: 250 2.0.0 Early")
        #expect(channel.sent.contains("xxx\r\n") && !channel.sent.hasSuffix("\r\n.\r\n"))
    }
}

/// Takes all that comes, and replies to the commands, and to the first octets of a message.
private final class EarlyChannel: RelayChannel {
    private let state = Mutex((sent: "", replies: [UInt8]()))
    let extensions = RelayExtensions(ehloLines: ["relay.test", "PIPELINING"])
    let peer = "relay.test[192.0.2.1]:25"
    let tls: String? = nil
    let descriptor: Int32? = nil

    var sent: String { state.withLock { $0.sent } }

    func send(_ bytes: ArraySlice<UInt8>) throws(ConnectionLost) -> Int {
        state.withLock { state in
            let isContent = state.sent.hasSuffix("DATA\r\n")
            state.sent += String(decoding: bytes, as: UTF8.self)
            let words =
                isContent
                ? "250 2.0.0 Early\r\n"
                : (state.sent.hasSuffix("DATA\r\n") ? "250 Ok\r\n250 Ok\r\n354 Go ahead\r\n" : "")
            state.replies += Array(words.utf8)
        }
        return bytes.count
    }

    func receive(into buffer: inout [UInt8]) throws(ConnectionLost) -> Int? {
        let replies = state.withLock { state in
            defer { state.replies = [] }
            return state.replies
        }
        guard !replies.isEmpty else { return nil }
        buffer.replaceSubrange(0..<replies.count, with: replies)
        return replies.count
    }

    func sayQuit() throws(ConnectionLost) -> Bool { true }
    func close() {}
    func hidingSecrets(in end: DialogueEnd) -> DialogueEnd { end }
}
