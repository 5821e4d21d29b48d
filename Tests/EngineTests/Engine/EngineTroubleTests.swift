import Delivery
import Engine
import SQLite
import Store
import TestSupport
import Testing

@Test func `stopping waits for the dialogue under way`() throws {
    let bed = try EngineBed()
    let gate = Gate()
    bed.relay.addOnce(.on(.dot, .hold(gate)))
    let id = try bed.insert()
    let engine = try bed.start()
    #expect(gate.waitForArrivals(1))
    let later = try bed.insert("m2", conversation: "d")
    engine.stop(timeout: .seconds(10))
    gate.open()
    #expect(bed.end(of: engine) == .stopped)
    #expect(try bed.state(id) == "sent" && bed.state(later) != "sent")
    #expect(bed.relay.mails.count == 1)
    #expect(JournalFilesOnDisk.all(in: bed) == [])
}

@Test func `a dialogue that outlasts the stop is uncertain, and goes again as the same copy`()
    throws
{
    let bed = try EngineBed()
    bed.relay.addOnce(.on(.dot, .accept(then: .silence)))
    let id = try bed.insert()
    let engine = try bed.start()
    #expect(bed.relay.waitForMails(1))
    #expect(bed.stop(engine, timeout: .milliseconds(1)) == .stopped)
    #expect(try bed.value("uncertain", id) == 1)
    #expect(try bed.drain(waits: true) == .drained)
    #expect(try bed.state(id) == "sent")
    #expect(bed.relay.mails.first?.data == bed.relay.mails.last?.data)
}

@Test func `what can't be recorded is not sent, and goes once it can`() throws {
    let bed = try EngineBed()
    let engine = try bed.start()
    let first = try bed.insert("m0", conversation: "c0")
    #expect(try bed.waitFor("sent", first))
    try bed.breakStore()
    let id = try bed.insert()
    #expect(bed.waitForEvent { if case .storeTrouble = $0 { true } else { false } })
    #expect(bed.relay.mails.count == 1 && bed.relay.record.transfers.count == 1)
    try bed.mendStore()
    #expect(try bed.waitFor("sent", id))
    #expect(bed.waitForEvent { if case .storeRecovered = $0 { true } else { false } })
    #expect(bed.relay.mails.count == 2)
    #expect(bed.stop(engine) == .stopped)
}

@Test func `a copy that can't be kept costs no mail, composed before or after it`() throws {
    let bed = try EngineBed()
    try bed.server.execute(
        "CREATE TRIGGER full BEFORE INSERT ON outboxd_frozen BEGIN SELECT RAISE(FAIL, 'full'); END")
    let ids = try bed.insertMany(80)
    // In the second portion of 32.
    let large = ids[40]
    try bed.server.statement(
        "UPDATE outbox SET body_text = hex(zeroblob(40000)) WHERE id = ?"
    ).bind(large).run()
    let engine = try bed.start()
    #expect(bed.waitForEvent { if case .storeTrouble = $0 { true } else { false } })
    try bed.server.execute("DROP TRIGGER full")
    #expect(try eventually { try bed.count("state = 'sent'") == 80 })
    #expect(bed.relay.mails.count == 80)
    #expect(bed.stop(engine) == .stopped)
}

@Test func `results survive until they can be written`() throws {
    let bed = try EngineBed()
    let gate = Gate()
    bed.relay.addOnce(.on(.dot, .hold(gate)))
    let id = try bed.insert()
    let engine = try bed.start()
    #expect(gate.waitForArrivals(1))
    try bed.breakStore()
    gate.open()
    #expect(bed.waitForEvent { if case .unrecorded = $0 { true } else { false } })
    // Nothing is begun meanwhile: a claim can't be recorded either.
    let other = try bed.insert("m2", conversation: "d")
    #expect(try bed.state(id) == "sending")
    #expect(bed.relay.mails.count == 1)
    try bed.mendStore()
    #expect(try bed.waitFor("sent", id) && bed.waitFor("sent", other))
    #expect(bed.relay.mails.count == 2)
    #expect(bed.stop(engine) == .stopped)
}
