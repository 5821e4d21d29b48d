import Delivery
import Engine
import SQLite
import Store
import TestSupport
import Testing

@Test func `mails go out over few connections, in order within a conversation`() throws {
    let bed = try EngineBed()
    let ids = try bed.insertMany(60)
    #expect(try bed.drain() == .drained)
    #expect(try bed.count("state = 'sent'") == Int64(ids.count))
    #expect(bed.relay.mails.count == 60)
    #expect(bed.relay.record.connections.count <= 4)
    #expect(Set(bed.relay.mails.compactMap(\.messageID)).count == 60)
    #expect(bed.relay.breaches == [])
}

@Test func `a commit of another process is noticed without waiting for the poll`() throws {
    let bed = try EngineBed()
    bed.settings.pollInterval = .seconds(3_600)
    let engine = try bed.start()
    let first = try bed.insert()
    #expect(bed.relay.waitForMails(1))
    #expect(try bed.waitFor("sent", first))
    try bed.insert("m2", conversation: "d")
    #expect(bed.relay.waitForMails(2))
    #expect(bed.stop(engine) == .stopped)
}

@Test func `what is read before it goes is not sent`() throws {
    let bed = try EngineBed()
    let id = try bed.insert()
    try bed.read("c")
    let other = try bed.insert("m2", conversation: "d")
    #expect(try bed.drain() == .drained)
    #expect(try bed.state(id) == "skipped/read" && bed.state(other) == "sent")
}

@Test func `what is read while the relay is down is skipped meanwhile`() throws {
    let bed = try EngineBed(listening: false)
    let engine = try bed.start()
    let id = try bed.insert()
    #expect(
        bed.waitForEvent {
            if case .relay(let status) = $0 { status.state == .down } else { false }
        })
    #expect(try bed.waitFor("pending/relay", id))
    try bed.read("c")
    #expect(try bed.waitFor("skipped/read", id))
    #expect(bed.stop(engine) == .stopped)
}

@Test func `when the relay is back, everything goes out, without an attempt lost`() throws {
    let bed = try EngineBed(listening: false)
    let engine = try bed.start()
    let ids = try bed.insertMany(20)
    #expect(
        bed.waitForEvent {
            if case .relay(let status) = $0 { status.state == .down } else { false }
        })
    try bed.relay.start()
    #expect(bed.relay.waitForMails(20))
    for id in ids {
        #expect(try bed.waitFor("sent", id))
        #expect(try bed.value("attempts", id) == 1)
    }
    #expect(bed.stop(engine) == .stopped)
}

@Test func `a connection that died while idle costs no attempt`() throws {
    let bed = try EngineBed()
    let engine = try bed.start()
    let first = try bed.insert()
    #expect(try bed.waitFor("sent", first))
    // The relay closes the idle connection only once MAIL has been sent over it.
    bed.relay.addOnce(.on(.mail, .close))
    let second = try bed.insert("m2", conversation: "d")
    #expect(try bed.waitFor("sent", second))
    #expect(try bed.value("attempts", second) == 1)
    #expect(
        try bed.server.statement("SELECT count(*) FROM outboxd_mails WHERE sent_at NOT NULL")
            .first { $0.int(0) } == 2)
    #expect(
        try bed.server.statement("SELECT count(*) FROM outboxd_attempts").first { $0.int(0) } == 0)
    #expect(bed.stop(engine) == .stopped)
}

@Test func `a relay that closes between mails costs nobody an attempt`() throws {
    let bed = try EngineBed()
    bed.relay.add { $0.verb == .dot && $0.message == 2 ? .replyThenClose(250, "2.0.0 Bye") : nil }
    _ = try bed.insertMany(30)
    #expect(try bed.drain() == .drained)
    #expect(try bed.count("state = 'sent' AND attempts = 1") == 30)
}

@Test func `a first dialogue that hangs does not hold up the others`() throws {
    let bed = try EngineBed()
    let gate = Gate()
    bed.relay.addOnce(.on(.dot, .hold(gate)))
    _ = try bed.insertMany(20)
    let engine = try bed.start()
    #expect(gate.waitForArrivals(1))
    #expect(bed.relay.waitForMails(19))
    gate.open()
    #expect(bed.relay.waitForMails(20))
    #expect(bed.stop(engine) == .stopped)
}

// "one mail at a time … When it works again, the number of connections in use doubles"
@Test func `after an outage one connection proves the relay`() throws {
    let bed = try EngineBed()
    bed.relay.stop()
    _ = try bed.insertMany(20)
    let engine = try bed.start()
    let isDown = "SELECT state = 'down' FROM outboxd_relay"
    #expect(try eventually { try bed.server.statement(isDown).first { $0.bool(0) } == true })
    let gate = Gate()
    bed.relay.addOnce(.on(.dot, .hold(gate)))
    try bed.relay.start()
    #expect(gate.waitForArrivals(1))
    #expect(bed.relay.record.connections.count == 1)
    gate.open()
    #expect(bed.relay.waitForMails(20))
    #expect(bed.stop(engine) == .stopped)
}

@Test func `a slow dialogue does not hold up the others`() throws {
    let bed = try EngineBed()
    let ids = try bed.insertMany(4)
    let engine = try bed.start()
    #expect(bed.relay.waitForMails(4))
    for id in ids { #expect(try bed.waitFor("sent", id)) }
    let gate = Gate()
    bed.relay.addOnce(.at(recipient: "slow@example.test", .hold(gate)))
    let slow = try bed.insert("slow", conversation: "slow", to: "slow@example.test")
    #expect(gate.waitForArrivals(1))
    let next = try bed.insert("next", conversation: "next", to: "next@example.test")
    #expect(try bed.waitFor("sent", next))
    #expect(try bed.state(slow) == "sending")
    gate.open()
    #expect(try bed.waitFor("sent", slow))
    #expect(bed.stop(engine) == .stopped)
}

@Test func `opening a connection does not stall a dialogue under way`() throws {
    let bed = try EngineBed()
    let first = try bed.insert("warm", conversation: "warm")
    let engine = try bed.start()
    #expect(try bed.waitFor("sent", first))
    // The next mail is held on the open connection, the one after it needs another, whose greeting
    // is held too; the first one's end must come through.
    let (dot, greeting) = (Gate(), Gate())
    bed.relay.addOnce(.on(.dot, .hold(dot)))
    bed.relay.addOnce(.on(.connect, .hold(greeting)))
    let second = try bed.insert("a", conversation: "a", to: "a@example.test")
    #expect(dot.waitForArrivals(1))
    let third = try bed.insert("b", conversation: "b", to: "b@example.test")
    #expect(greeting.waitForArrivals(1))
    dot.open()
    #expect(try bed.waitFor("sent", second))
    #expect(try bed.waitFor("sent", third))
    greeting.open()
    #expect(bed.stop(engine) == .stopped)
}

@Test func `the rate is kept`() throws {
    let bed = try EngineBed()
    bed.settings.rate = RateLimit(count: 20, per: .seconds(1))
    _ = try bed.insertMany(8)
    #expect(try bed.drain() == .drained)
    let times = bed.relay.mails.map(\.mailAt.steady).sorted()
    #expect(times.count == 8)
    // Seven distances of 50 ms, half of one of which may be made up for.
    if let first = times.first, let last = times.last {
        #expect(last - first >= .milliseconds(7 * 50 - 50))
    }
}

@Test func `a drain keeps to its limit, also beside a relay in trouble`() throws {
    let bed = try EngineBed()
    _ = try bed.insertMany(10)
    #expect(try bed.drain(limit: 3) == .drained)
    #expect(bed.relay.mails.count == 3)
    #expect(try bed.count("state = 'sent'") == 3)
    bed.relay.stop()
    #expect(try bed.drain(limit: 1) == .relayDown)
    try bed.relay.start()
    #expect(try bed.drain() == .drained)
    #expect(try bed.count("state = 'sent'") == 10)
}

@Test(arguments: [0, 1])
func `a drain ends beside paused mail`(_ byOperator: Int64) throws {
    let bed = try EngineBed()
    let paused = try bed.insert(helpdesk: "p")
    let free = try bed.insert(helpdesk: "h")
    try bed.server.execute(
        byOperator == 1
            ? "INSERT INTO outboxd_pauses (helpdesk_id, paused_at) VALUES ('p', 0)"
            : "INSERT INTO helpdesks (id, name, from_address, paused) VALUES ('p', 'P', 'p@p.test', 1)"
    )
    #expect(try bed.drain() == .drained)
    #expect(try bed.state(free) == "sent")
    #expect(try bed.state(paused) == (byOperator == 1 ? "sent" : "pending/paused"))
}

@Test func `two engines on one database send each mail once`() throws {
    let bed = try EngineBed()
    let (one, two) = (try bed.start(), try bed.start())
    _ = try bed.insertMany(80)
    #expect(bed.relay.waitForMails(80))
    #expect(try eventually { try bed.count("state = 'sent'") == 80 })
    #expect(bed.stop(one) == .stopped && bed.stop(two) == .stopped)
    #expect(bed.relay.mails.count == 80)
    #expect(Set(bed.relay.mails.compactMap(\.messageID)).count == 80)
}

@Test func `a blocked sender waits while others go on`() throws {
    let bed = try EngineBed()
    bed.relay.add(.refuse(sender: "support@acme.test", 550, "5.7.1 Sender refused"))
    try bed.server.execute(
        "INSERT INTO helpdesks (id, name, from_address) VALUES ('o', 'Other', 'o@other.test')")
    let ids = try bed.insertMany(6)
    let engine = try bed.start()
    for id in ids { #expect(try bed.waitFor("pending/sender", id)) }
    let other = try bed.insert("x", conversation: "x", helpdesk: "o")
    #expect(try bed.waitFor("sent", other))
    #expect(bed.stop(engine) == .stopped)
}

@Test func `a row with a low id is found although nobody writes again`() throws {
    let bed = try EngineBed()
    let first = try bed.insert()
    let engine = try bed.start()
    #expect(try bed.waitFor("sent", first))
    #expect(first == 1)
    #expect(bed.stop(engine) == .stopped)
    try bed.server.execute("UPDATE outbox SET id = 100; UPDATE outboxd_rows SET id = 100")
    try bed.server.execute(
        """
        INSERT INTO outbox (id, helpdesk_id, conversation_id, message_id, recipient_email,
            body_text, instant, created_at)
        VALUES (5, 'h', 'z', 'z', 'z@example.test', 'Hi', 1, \(TestClock.wall.milliseconds - 9))
        """)
    #expect(try bed.drain() == .drained)
    #expect(try bed.state(5) == "sent")
}

/// A look at so many rows takes many steps: others are not kept waiting meanwhile.
@Test func `a long search for late inserts goes on where it ended, and lets new rows go first`()
    throws
{
    let bed = try EngineBed()
    bed.settings.connections = 1
    try bed.server.execute(
        """
        WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 50009)
        INSERT INTO outbox (id, helpdesk_id, conversation_id, message_id, recipient_email, body_text)
        SELECT i, 'h', 'old', 'o' || i, 'old@example.test', 'x' FROM n;
        INSERT INTO outboxd_rows (id, mail_id, due_at, state) SELECT id, id, 0, 2 FROM outbox;
        INSERT INTO outbox (id, helpdesk_id, conversation_id, message_id, recipient_email, body_text,
            instant, created_at) VALUES (5, 'h', 'late', 'm0', 'late@example.test', 'Hello', 1,
            \(TestClock.wall.milliseconds - 60_000))
        """)
    try bed.insert("m1", to: "new@example.test")
    let engine = try bed.start()
    #expect(bed.relay.waitForMails(2))
    #expect(bed.relay.mails.map(\.recipient) == ["new@example.test", "late@example.test"])
    #expect(bed.stop(engine) == .stopped)
}

@Test func `a row with an id below the newest one known is found and sent`() throws {
    let bed = try EngineBed()
    let engine = try bed.start()
    try bed.server.execute("UPDATE sqlite_sequence SET seq = 1000 WHERE name = 'outbox'")
    try bed.insert("m1")
    #expect(bed.relay.waitForMails(1))
    #expect(bed.stop(engine) == .stopped)
    try bed.server.execute(
        """
        INSERT INTO outbox (id, helpdesk_id, conversation_id, message_id, recipient_email, body_text,
            instant) VALUES (5, 'h', 'late', 'm0', 'ann@example.test', 'Hello', 1)
        """)
    let second = try bed.start()
    #expect(bed.relay.waitForMails(2))
    #expect(bed.stop(second) == .stopped)
}

/// `show` tells where the time went.
@Test func `an attempt is kept with how long it was queued, and connecting took`() throws {
    let bed = try EngineBed()
    try bed.insert()
    #expect(try bed.drain() == .drained)
    let kept = try bed.server.statement(
        """
        SELECT count(sent_queued_milliseconds) + count(sent_connecting_milliseconds) FROM outboxd_mails
        """
    ).first { $0.int(0) }
    #expect(kept == 2)
}
