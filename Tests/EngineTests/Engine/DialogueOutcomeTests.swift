import Delivery
import Engine
import Store
import TestSupport
import Testing

/// What a relay does to one mail, and what the tables say in the end.
struct DialogueOutcome: Sendable, CustomTestStringConvertible {
    let rule: RelayRule
    let states: [String]
    var uncertain: Int64 = 0
    let testDescription: String

    static let all: [DialogueOutcome] = [
        DialogueOutcome(
            rule: RelayRule { _ in nil }, states: ["sent"], testDescription: "a good relay"),
        DialogueOutcome(
            rule: .on(.dot, .reply(299, "Whatever")), states: ["sent"],
            testDescription: "any 2xx is accepted"),
        DialogueOutcome(
            rule: .on(.rcpt, .reply(550, "5.1.1 No such user")), states: ["failed/rejected"],
            testDescription: "550 to RCPT"),
        DialogueOutcome(
            rule: .on(.mail, .reply(553, "5.7.1 Not you")), states: ["failed/rejected"],
            testDescription: "553 to MAIL"),
        DialogueOutcome(
            rule: .on(.data, .reply(554, "5.5.0 No")), states: ["failed/rejected"],
            testDescription: "554 to DATA"),
        DialogueOutcome(
            rule: .on(.dot, .reply(554, "5.7.1 Spam")), states: ["failed/rejected"],
            testDescription: "554 to the dot"),
        DialogueOutcome(
            rule: .on(.rcpt, .reply(450, "4.2.0 Later")), states: ["pending/deferred"],
            testDescription: "450 to RCPT"),
        DialogueOutcome(
            rule: .on(.rcpt, .reply(552, "5.2.2 Full")), states: ["pending/deferred"],
            testDescription: "552 to RCPT is temporary"),
        DialogueOutcome(
            rule: .on(.dot, .reply(451, "4.3.0 Busy")), states: ["pending/deferred"],
            testDescription: "451 to the dot"),
        DialogueOutcome(
            rule: .on(.rcpt, .close), states: ["pending/deferred"],
            testDescription: "the connection ends at RCPT"),
        DialogueOutcome(
            rule: .on(.data, .close), states: ["pending/deferred"],
            testDescription: "the connection ends at DATA"),
        DialogueOutcome(
            rule: .on(.dot, .close), states: ["pending/deferred"], uncertain: 1,
            testDescription: "the connection ends after the dot"),
        DialogueOutcome(
            rule: .on(.dot, .raw("hello?\r\n")), states: ["pending/deferred"], uncertain: 1,
            testDescription: "garbage after the dot"),
        DialogueOutcome(
            rule: .on(.mail, .reply(421, "4.3.2 Closing")),
            states: ["pending/relay"], testDescription: "421 to MAIL"),
        DialogueOutcome(
            rule: .on(.connect, .shutDown), states: ["pending/relay"],
            testDescription: "421 as the greeting"),
        DialogueOutcome(
            rule: .on(.mail, .reply(530, "5.7.0 Authenticate")),
            states: ["pending/relay"], testDescription: "530 to MAIL"),
    ]
}

@Test(arguments: DialogueOutcome.all)
func `each end of a dialogue ends in its state`(_ outcome: DialogueOutcome) throws {
    let bed = try EngineBed()
    bed.settings.retry = RetryPolicy(base: .seconds(600), cap: .seconds(600))
    bed.relay.add(outcome.rule)
    let id = try bed.insert()
    let result = try bed.drain()
    let isDown = outcome.states == ["pending/relay"]
    #expect(result == (isDown ? .relayDown : .drained))
    let state = try bed.state(id)
    #expect(outcome.states.contains(state))
    #expect(try bed.value("uncertain", id) == outcome.uncertain)
    let attempts: Int64 = isDown ? 0 : 1
    #expect(try bed.value("attempts", id) == attempts)
    #expect(bed.relay.breaches == [])
}

@Test func `a mail that is too large for the relay is unsupported`() throws {
    let bed = try EngineBed()
    bed.relay.configuration.sizeLimit = 100
    let id = try bed.insert()
    #expect(try bed.drain() == .drained)
    #expect(try bed.state(id) == "failed/unsupported")
    #expect(bed.relay.mails.isEmpty)
}

@Test func `an address that needs SMTPUTF8 is unsupported without it, and sent with it`() throws {
    let bed = try EngineBed()
    bed.relay.configuration.extensions.remove(.smtpUTF8)
    let id = try bed.insert(to: "änn@example.test")
    #expect(try bed.drain() == .drained)
    #expect(try bed.state(id) == "failed/unsupported")
    bed.relay.configuration.extensions.insert(.smtpUTF8)
    let other = try bed.insert("m2", conversation: "d", to: "änn@example.test")
    #expect(try bed.drain() == .drained)
    #expect(try bed.state(other) == "sent")
}

@Test func `a deferred mail is tried again, as the same mail`() throws {
    let bed = try EngineBed()
    bed.relay.add(.first(2, .rcpt, .reply(450, "4.2.0 Later")))
    let id = try bed.insert()
    #expect(try bed.drain(waits: true) == .drained)
    #expect(try bed.state(id) == "sent" && bed.value("attempts", id) == 3)
    #expect(bed.relay.mails.count == 1)
}

@Test func `an uncertain mail goes again as the very same octets`() throws {
    let bed = try EngineBed()
    bed.relay.add(.first(1, .dot, .acceptThenClose))
    let id = try bed.insert()
    #expect(try bed.drain(waits: true) == .drained)
    #expect(try bed.state(id) == "sent" && bed.value("uncertain", id) == 1)
    let mails = bed.relay.mails
    #expect(mails.count == 2 && mails.first?.data == mails.last?.data)
}

@Test func `an uncertain mail is sent again at most twice, and then held`() throws {
    let bed = try EngineBed()
    bed.relay.add(.on(.dot, .acceptThenClose))
    let id = try bed.insert()
    #expect(try bed.drain(waits: true) == .drained)
    #expect(try bed.state(id) == "pending/uncertain")
    #expect(bed.relay.mails.count == 3)
}

@Test func `an uncertain mail is held where that is asked for`() throws {
    let bed = try EngineBed()
    bed.settings.onUncertain = .hold
    bed.relay.add(.on(.dot, .acceptThenClose))
    let id = try bed.insert()
    let next = try bed.insert("m2", conversation: "c2")
    #expect(try bed.drain(waits: true) == .drained)
    #expect(try bed.state(id) == "pending/uncertain" && bed.state(next) == "pending/uncertain")
    #expect(bed.relay.mails.count == 2)
}

@Test func `a mail larger than a slot is kept before it goes, and goes again unchanged`() throws {
    let bed = try EngineBed()
    bed.relay.add(.first(1, .dot, .acceptThenClose))
    let id = try bed.insert(body: String(repeating: "ü long text. ", count: 15_000))
    #expect(try bed.drain(waits: true) == .drained)
    #expect(try bed.state(id) == "sent")
    let mails = bed.relay.mails
    #expect(mails.count == 2 && mails.first?.data == mails.last?.data)
    #expect((mails.first?.data.count ?? 0) > 65_536)
}
