import Testing
import TestSupport

@Suite struct RelayLifecycleTests {
    @Test func `a stopped relay refuses, and comes back on the same port`() throws {
        let relay = try ScriptedRelay()
        let port = relay.port
        for round in 1...3 {
            let client = try RawConnection(port: port)
            #expect(try client.readReply().hasPrefix("220"))
            relay.stop()
            #expect(try client.readToEnd().end == .closed)
            #expect(throws: SystemCallError.self) { try RawConnection(port: port) }
            #expect(relay.record.openConnections == 0)
            #expect(relay.record.connections.count == round)
            try relay.start()
            #expect(relay.port == port)
        }
    }

    @Test func `can be made without listening`() throws {
        let relay = try ScriptedRelay(listening: false)
        #expect(throws: SystemCallError.self) { try RawConnection(port: relay.port) }
        try relay.start()
        try relay.start()
        #expect(try RawConnection(port: relay.port).readReply().hasPrefix("220"))
    }

    @Test(arguments: [
        RelayReaction.hold(Gate()), .delay(.seconds(1_000)), .silence,
        .accept(then: .hold(Gate())),
    ])
    func `stops promptly whatever it waits for`(reaction: RelayReaction) throws {
        let relay = try ScriptedRelay(rules: [.on(.dot, reaction)])
        let client = try RawConnection(port: relay.port)
        _ = try client.readReply()
        try client.send("EHLO c\r\nMAIL FROM:<a@x.test>\r\nRCPT TO:<b@y.test>\r\nDATA\r\n")
        for _ in 0..<4 { _ = try client.readReply() }
        try client.send("x\r\n.\r\n")
        #expect(relay.wait { $0.transfers.count == 1 })
        let start = ContinuousClock.now
        relay.stop()
        #expect(ContinuousClock.now - start < .seconds(2))
        #expect(try client.readToEnd().end == .closed)
        #expect(relay.mails.allSatisfy { !$0.isReplied })
        #expect(relay.record.transfers.first?.outcome != .pending)
    }

    @Test func `waiting ends when the condition holds, and when the time has run out`() async throws
    {
        let relay = try ScriptedRelay()
        #expect(!relay.waitForMails(1, timeout: .milliseconds(20)))
        async let isThere = blocking { relay.wait { $0.connections.count == 1 } }
        let client = try RawConnection(port: relay.port)
        #expect(try await isThere)
        client.close()
        #expect(relay.waitUntilAllClosed())
    }

    @Test func `a relay that nobody holds is gone`() throws {
        var relay: ScriptedRelay? = try ScriptedRelay()
        let port = try #require(relay?.port)
        #expect(try RawConnection(port: port).readReply().hasPrefix("220"))
        relay = nil
        #expect(throws: SystemCallError.self) { try RawConnection(port: port) }
    }
}
