import Delivery
import Foundation
import SMTP
import TestSupport
import Testing

/// Mails over connections that libcurl opened.
@Suite struct TransferTests {
    private func accepted(_ end: DialogueEnd) -> Bool {
        guard case .reply(let reply) = end.cause else { return false }
        return end.stage == .final && reply.isPositive
    }

    @Test(arguments: [[], ["-p"]])
    func sendsThroughSMTPSink(options: [String]) throws {
        let sink = try SMTPSink(options)
        defer { sink.stop() }
        let connection = try RelayConnection.open(OpeningTests.settings(Int(sink.port)))
        #expect(connection.extensions.pipelining == options.isEmpty)
        var driver = Driver(connection)
        let large = String(repeating: ".0123456789\r\n", count: 100_000)
        for (index, message) in ["Subject: x\r\n\r\nhello\r\n", large, "Subject: y\r\n"]
            .enumerated()
        {
            var dialogue = Dialogue.make(
                message: message, offers: connection.extensions, reused: index > 0,
                reset: index == 2)
            let end = driver.run(&dialogue)
            #expect(accepted(end), "\(end)")
            #expect(dialogue.connectionUsable && !dialogue.needsReset)
        }
    }

    @Test(arguments: [("rcpt", Stage.rcpt, 450), ("mail", .mail, 450), (".", .final, 450)])
    func aSinkThatRefuses(command: String, stage: Stage, code: Int) throws {
        let sink = try SMTPSink(["-r", command])
        defer { sink.stop() }
        let connection = try RelayConnection.open(OpeningTests.settings(Int(sink.port)))
        var driver = Driver(connection)
        for index in 0..<3 {
            var dialogue = Dialogue.make(
                offers: connection.extensions, reused: index > 0, reset: index > 0)
            let end = driver.run(&dialogue)
            #expect(end.stage == stage, "\(end)")
            if case .reply(let reply) = end.cause {
                #expect(reply.code == code)
            } else {
                Issue.record("\(end)")
            }
            #expect(dialogue.connectionUsable && dialogue.needsReset)
        }
    }

    @Test func aSinkThatDropsTheDot() throws {
        let sink = try SMTPSink(["-q", "."])
        defer { sink.stop() }
        let connection = try RelayConnection.open(OpeningTests.settings(Int(sink.port)))
        var driver = Driver(connection)
        var dialogue = Dialogue.make(offers: connection.extensions)
        let end = driver.run(&dialogue)
        #expect(end.stage == .final && end.dotAnnounced && !end.onStaleConnection, "\(end)")
        guard case .closed = end.cause else {
            Issue.record("\(end)")
            return
        }
    }

    @Test func aDeadIdleConnectionIsStale() throws {
        let relay = try TinyRelay(TinyRelay.greeting("PIPELINING") + [.close])
        let connection = try RelayConnection.open(OpeningTests.settings(relay.port))
        #expect(relay.wait())
        var driver = Driver(connection)
        var dialogue = Dialogue.make(reused: true)
        let end = driver.run(&dialogue)
        #expect(end.onStaleConnection && !dialogue.connectionUsable, "\(end)")
    }

    @Test func silenceAfterMailTimesOut() throws {
        let relay = try TinyRelay(
            TinyRelay.greeting("PIPELINING") + [.hear, .say("250-half\r\n25")])
        let connection = try RelayConnection.open(OpeningTests.settings(relay.port))
        var driver = Driver(connection)
        var dialogue = Dialogue.make(
            timeouts: DialogueTimeouts(command: .milliseconds(200), final: .seconds(5)))
        let start = ContinuousClock.now
        let end = driver.run(&dialogue)
        #expect(end.cause == .timedOut(after: .milliseconds(200)))
        #expect(ContinuousClock.now - start >= .milliseconds(200))
        #expect(ContinuousClock.now - start < .seconds(2))
    }

    /// libcurl's own QUIT would wait for its answer.
    @Test func closesAtOnce() throws {
        let relay = try TinyRelay(TinyRelay.greeting())
        let connection = try RelayConnection.open(OpeningTests.settings(relay.port))
        let start = ContinuousClock.now
        connection.close()
        #expect(ContinuousClock.now - start < .milliseconds(50))
        #expect(relay.wait())
        #expect(relay.heard == ["EHLO client.test"])
        #expect(throws: ConnectionLost.self) { try connection.send([1, 2][...]) }
        var buffer = [UInt8](repeating: 0, count: 8)
        #expect(throws: ConnectionLost.self) { try connection.receive(into: &buffer) }
    }

    /// A relay that reads nothing: the socket fills up, and nothing blocks.
    @Test func neverBlocks() throws {
        let relay = try TinyRelay(TinyRelay.greeting() + [.pause])
        defer { relay.goOn() }
        let connection = try RelayConnection.open(OpeningTests.settings(relay.port))
        var buffer = [UInt8](repeating: 0, count: 64)
        #expect(try connection.receive(into: &buffer) == nil)
        let block = [UInt8](repeating: 0x78, count: 65_536)
        let start = ContinuousClock.now
        var total = 0
        while total < 1_000_000_000, case let count = try connection.send(block[...]), count > 0 {
            total += count
        }
        #expect(try connection.send(block[...]) == 0)
        connection.close()
        #expect(ContinuousClock.now - start < .seconds(5))
    }
}
