import Testing
import TestSupport

/// Each reaction that a script can order.
@Suite struct RelayReactionTests {
    private func connection(to relay: ScriptedRelay) throws -> RawConnection {
        let client = try RawConnection(port: relay.port)
        _ = try client.readReply()
        _ = try client.ask("EHLO client.test")
        return client
    }

    /// Sends a mail as one group and the message, and returns before the reply to the dot.
    private func sendMail(on client: RawConnection, to recipient: String = "b@y.test") throws {
        try client.send("MAIL FROM:<a@x.test>\r\nRCPT TO:<\(recipient)>\r\nDATA\r\n")
        for _ in 0..<3 { _ = try client.readReply() }
        try client.send("Message-ID: <\(recipient)>\r\n\r\nx\r\n.\r\n")
    }

    @Test func `a reply takes effect as its code says`() throws {
        let relay = try ScriptedRelay()
        let client = try connection(to: relay)
        relay.addOnce(.on(.dot, .reply(252, "2.0.0 it may\nwork")))
        relay.addOnce(.on(.dot, .reply(451, "4.3.0 later")))
        relay.addOnce(.on(.mail, .reply(452, "4.3.1 full")))
        #expect(try client.ask("MAIL FROM:<a@x.test>") == "452 4.3.1 full")
        #expect(try client.ask("RCPT TO:<b@y.test>").hasPrefix("503"))
        try sendMail(on: client)
        #expect(try client.readReply() == "252-2.0.0 it may\n252 work")
        try sendMail(on: client)
        #expect(try client.readReply() == "451 4.3.0 later")
        #expect(relay.record.transfers.map(\.outcome) == [.accepted, .refused(451)])
        #expect(relay.mails.map(\.message) == [2])
    }

    @Test func `a refused greeting leaves QUIT only`() throws {
        let relay = try ScriptedRelay(rules: [.on(.connect, .reply(554, "no"))])
        let client = try RawConnection(port: relay.port)
        #expect(try client.readReply() == "554 no")
        #expect(try client.ask("EHLO c").hasPrefix("503"))
        #expect(try client.ask("QUIT").hasPrefix("221"))
    }

    @Test func `garbled octets go out as they are`() throws {
        let relay = try ScriptedRelay(rules: [.on(.dot, .raw("!?\u{7}\r\n"))])
        let client = try connection(to: relay)
        try sendMail(on: client)
        #expect(try client.readLine() == "!?\u{7}")
        #expect(relay.record.transfers.map(\.outcome) == [.unanswered])
        #expect(relay.mails.isEmpty)
        #expect(try client.ask("NOOP").hasPrefix("250"))
    }

    @Test func `silence keeps the connection open`() throws {
        let relay = try ScriptedRelay(rules: [.on(.rcpt, .silence)])
        let client = try RawConnection(port: relay.port, timeout: .milliseconds(200))
        _ = try client.readReply()
        _ = try client.ask("EHLO c")
        #expect(try client.ask("MAIL FROM:<a@x.test>").hasPrefix("250"))
        try client.send("RCPT TO:<b@y.test>\r\nDATA\r\n")
        #expect(throws: SystemCallError.self) { try client.readReply() }
        #expect(relay.record.openConnections == 1)
        client.close()
        #expect(relay.waitUntilAllClosed())
    }

    @Test func `a delay comes after the replies before it`() throws {
        let relay = try ScriptedRelay(rules: [.on(.rcpt, .delay(.milliseconds(300)))])
        let client = try connection(to: relay)
        let start = ContinuousClock.now
        try client.send("MAIL FROM:<a@x.test>\r\nRCPT TO:<b@y.test>\r\n")
        #expect(try client.readReply().hasPrefix("250 2.1.0"))
        #expect(ContinuousClock.now - start < .milliseconds(250))
        #expect(try client.readReply().hasPrefix("250 2.1.5"))
        #expect(ContinuousClock.now - start >= .milliseconds(300))
    }

    @Test func `a gate holds until the test opens it`() throws {
        let gate = Gate()
        let relay = try ScriptedRelay(rules: [.on(.dot, .hold(gate))])
        let client = try connection(to: relay)
        try sendMail(on: client)
        #expect(gate.waitForArrivals())
        #expect(relay.record.transfers.map(\.outcome) == [.pending])
        gate.open()
        #expect(try client.readReply().hasPrefix("250"))
        #expect(relay.mails.count == 1)
        try sendMail(on: client)
        #expect(try client.readReply().hasPrefix("250"))
        #expect(gate.arrivals == 2)
    }

    @Test(arguments: [
        (RelayReaction.close, RawConnection.End.closed, ""),
        (.reset, .reset, ""),
        (.replyThenClose(421, "4.3.2 bye"), .closed, "421 4.3.2 bye\r\n"),
        (.shutDown, .closed, "421 4.3.2 relay.test going down\r\n"),
        (.raw("nonsense"), .closed, "nonsense221 2.0.0 Bye\r\n"),
    ])
    func `ends a connection`(
        reaction: RelayReaction, end: RawConnection.End, rest: String
    ) throws {
        let relay = try ScriptedRelay(rules: [.on(.noop, reaction)])
        let client = try connection(to: relay)
        try client.send("NOOP\r\nQUIT\r\n")
        let seen = try client.readToEnd()
        #expect(seen.end == end)
        #expect(seen.rest == rest)
        #expect(relay.waitUntilAllClosed())
    }

    @Test(arguments: [
        (RelayReaction.acceptThenClose, RawConnection.End.closed, ""),
        (.accept(then: .reset), .reset, ""),
        (.accept(then: .replyThenClose(451, "no")), .closed, "451 no\r\n"),
    ])
    func `takes a mail without saying so`(
        reaction: RelayReaction, end: RawConnection.End, rest: String
    ) throws {
        let relay = try ScriptedRelay(rules: [.on(.dot, reaction)])
        let client = try connection(to: relay)
        try sendMail(on: client)
        let seen = try client.readToEnd()
        #expect(seen.end == end)
        #expect(seen.rest == rest)
        #expect(relay.mails.map(\.outcome) == [.accepted])
        #expect(relay.mails.map(\.isReplied) == [false])
    }

    @Test func `closes in the middle of a message`() throws {
        let relay = try ScriptedRelay(rules: [.on(.data, .closeMidBody(afterBytes: 1_000))])
        let client = try connection(to: relay)
        try client.send("MAIL FROM:<a@x.test>\r\nRCPT TO:<b@y.test>\r\nDATA\r\n")
        for _ in 0..<3 { _ = try client.readReply() }
        try client.send(String(repeating: "x", count: 999))
        #expect(relay.record.openConnections == 1)
        try client.send("x")
        #expect(try client.readToEnd().end == .closed)
        #expect(relay.record.transfers.isEmpty)
    }

    @Test func `rules see what there is to know`() throws {
        let seen = Monitor<[RelayEvent]>([])
        let relay = try ScriptedRelay()
        relay.add { event in
            seen.update { $0.append(event) }
            return nil
        }
        let client = try connection(to: relay)
        try sendMail(on: client)
        _ = try client.readReply()
        _ = try client.ask("RSET")
        let events = seen.read { $0 }
        #expect(
            events.map(\.verb) == [.connect, .ehlo, .mail, .rcpt, .data, .dot, .rset])
        #expect(events.map(\.message) == [0, 0, 1, 1, 1, 1, 1])
        #expect(events.map(\.connection) == Array(repeating: 1, count: 7))
        #expect(events[2].sender == "a@x.test")
        #expect(events[2].recipient == nil)
        #expect(events[3].line == "RCPT TO:<b@y.test>")
        #expect(events[5].recipient == "b@y.test")
        #expect(events[5].messageID == "<b@y.test>")
        #expect(events[6].sender == nil)
    }

    @Test func `a greylist puts off each pair once`() throws {
        let relay = try ScriptedRelay(rules: [.greylist()])
        let client = try connection(to: relay)
        _ = try client.ask("MAIL FROM:<a@x.test>")
        #expect(try client.ask("RCPT TO:<b@y.test>") == "450 4.2.0 Greylisted")
        #expect(try client.ask("RCPT TO:<c@y.test>") == "450 4.2.0 Greylisted")
        #expect(try client.ask("RCPT TO:<b@y.test>") == "250 2.1.5 Ok")
    }

    @Test func `is down for so many connections`() throws {
        let relay = try ScriptedRelay(rules: [.down(connections: 2)])
        for code in ["421", "421", "220", "220"] {
            let client = try RawConnection(port: relay.port)
            #expect(try client.readReply().hasPrefix(code))
        }
    }

    @Test func `senders, recipients and message ids can be singled out`() throws {
        let relay = try ScriptedRelay(rules: [
            .refuse(sender: "Bad@x.test"), .at(recipient: "Slow@y.test", .reply(450, "slow")),
            .at(messageID: "<no@y.test>", .reply(554, "5.7.1 spam")),
        ])
        let client = try connection(to: relay)
        #expect(try client.ask("MAIL FROM:<bad@x.test>") == "553 5.7.1 Sender refused")
        _ = try client.ask("MAIL FROM:<a@x.test>")
        #expect(try client.ask("RCPT TO:<slow@y.test>") == "450 slow")
        _ = try client.ask("RSET")
        for recipient in ["no@y.test", "yes@y.test"] {
            try sendMail(on: client, to: recipient)
            _ = try client.readReply()
        }
        #expect(relay.mails.map(\.recipient) == ["yes@y.test"])
        relay.clearRules()
        try sendMail(on: client, to: "no@y.test")
        #expect(try client.readReply().hasPrefix("250"))
    }
}
