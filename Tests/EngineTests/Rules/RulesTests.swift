import Delivery
@testable import Engine
@testable import outboxd_simulate
import Mail
import SMTP
@testable import Store
import TestSupport
import Testing

let now = WallTime(milliseconds: 1_700_000_000_000)

func after(_ seconds: Int64) -> WallTime { now + .seconds(seconds) }

func helpdesk(_ from: String, bounce: String? = nil) -> Helpdesk {
    Helpdesk(
        id: "h", name: "Acme", fromAddress: from, replyTo: nil, bounceAddress: bounce,
        ticketCenterURL: nil, dashboardURL: nil, allowedDomains: "", locale: "en")
}

func settings(from: String? = "Acme <support@acme.test>") throws -> EngineSettings {
    EngineSettings(
        database: "unused.db", relay: ConnectionSettings(host: "localhost", port: 25),
        from: try from.map(Mailbox.init(parsing:)))
}

func inFlight(attempts: Int = 0, copies: Int = 0, takeovers: Int = 0, rows: [InFlightMail.Row] = [])
    -> InFlightMail
{
    InFlightMail(
        mailID: 5, token: 9,
        key: MailKey(
            helpdeskID: "h", conversationID: "c", recipient: "a@x.test", audience: "visitor"),
        attempts: attempts, copies: copies, takeovers: takeovers, sender: "support@acme.test",
        rows: rows, isFirstAttempt: true)
}

private let later = DeliveryError(stage: .rcpt, code: 450, text: "later")

// MARK: Senders

struct SenderCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var helpdesk: Helpdesk?
    var from: String? = "Us <us@acme.test>"
    var bounce: String?
    let header: String?
    var envelope: String?
}

@Test(arguments: [
    SenderCase(testDescription: "no helpdesk", header: "us@acme.test", envelope: "us@acme.test"),
    SenderCase(testDescription: "no helpdesk, no setting", from: nil, header: nil),
    SenderCase(
        testDescription: "the helpdesk's own", helpdesk: helpdesk("h@desk.test"),
        header: "h@desk.test", envelope: "h@desk.test"),
    SenderCase(
        testDescription: "an unusable one is not replaced", helpdesk: helpdesk("no address"),
        header: nil),
    SenderCase(
        testDescription: "the setting's bounce address", bounce: "b@acme.test",
        header: "us@acme.test", envelope: "b@acme.test"),
    SenderCase(
        testDescription: "the helpdesk's bounce address first",
        helpdesk: helpdesk("h@desk.test", bounce: "hb@desk.test"), bounce: "b@acme.test",
        header: "h@desk.test", envelope: "hb@desk.test"),
    SenderCase(
        testDescription: "an unusable bounce address falls back",
        helpdesk: helpdesk("h@desk.test", bounce: ""), bounce: "b@acme.test",
        header: "h@desk.test", envelope: "b@acme.test"),
    SenderCase(
        testDescription: "no bounce address makes a mail need SMTPUTF8",
        helpdesk: helpdesk("h@desk.test", bounce: "ü@desk.test"), bounce: "b@acme.test",
        header: "h@desk.test", envelope: "b@acme.test"),
    SenderCase(
        testDescription: "nor does the setting's",
        helpdesk: helpdesk("h@desk.test", bounce: "ü@desk.test"), bounce: "ü@acme.test",
        header: "h@desk.test", envelope: "h@desk.test"),
    SenderCase(
        testDescription: "a mail that needs it has its own",
        helpdesk: helpdesk("ä@desk.test", bounce: "ü@desk.test"), bounce: "b@acme.test",
        header: "ä@desk.test", envelope: "ü@desk.test"),
    SenderCase(
        testDescription: "A-labels on the wire", helpdesk: helpdesk("h@bücher.test"),
        header: "h@xn--bcher-kva.test", envelope: "h@xn--bcher-kva.test"),
])
func `the sender is found by the contract's order`(_ one: SenderCase) throws {
    let sender = Sender.resolve(
        one.helpdesk, from: try one.from.map(Mailbox.init(parsing:)),
        bounceAddress: try one.bounce.map { try EmailAddress($0) })
    #expect(sender?.mailbox.address.description == one.header)
    #expect(sender?.envelope.description == one.envelope)
}

@Test func `a recipient who needs SMTPUTF8 allows for a bounce address that does`() throws {
    let sender = Sender.resolve(
        helpdesk("h@desk.test", bounce: "ü@desk.test"), from: nil, bounceAddress: nil,
        recipient: try EmailAddress("ä@customer.test"))
    #expect(sender?.envelope.description == "ü@desk.test")
}

// MARK: Rows

@Test(
    arguments: [
        ("ann@example.test", "visitor", 1_700_000_000_000, FailReason?.none),
        ("änn@bücher.test", "operator", 1_700_000_000_000, nil),
        ("no address", "visitor", 1_700_000_000_000, .invalidAddress),
        ("Ann <ann@example.test>", "visitor", 1_700_000_000_000, .invalidAddress),
        ("a@example.test, b@example.test", "visitor", 1_700_000_000_000, .invalidAddress),
        ("ann@[127.0.0.1]", "visitor", 1_700_000_000_000, .invalidAddress),
        ("ann@example.test", "everybody", 1_700_000_000_000, .invalidRow),
        ("ann@example.test", "visitor", 1_700_000_000, .invalidRow),
        ("ann@example.test", "visitor", 0, .invalidRow),
    ] as [(String, String, Int64, FailReason?)])
func `a row that can't be sent is told at once`(
    _ to: String, _ audience: String, _ created: Int64, _ reason: FailReason?
) {
    let row = OutboxRow(
        id: 1, helpdeskID: "h", conversationID: "c", messageID: "m", audience: audience,
        recipientEmail: to, isInstant: false, isCancelled: false,
        createdAt: WallTime(milliseconds: created), dueAt: now, attempts: 0,
        relayDownBefore: .zero)
    let fault = RowRules.fault(row)
    #expect(fault?.0 == reason)
    #expect(fault?.1.isEmpty != true)
}

// MARK: Outcomes

@Test func `a deferred mail is tried again within its wait, and expired rows end`() throws {
    var generator = SplitMix64(seed: 1)
    let rules = OutcomeRules(settings: try settings())
    let day: Int64 = 86_400
    let mail = inFlight(
        attempts: 2,
        rows: [
            InFlightMail.Row(id: 1, firstAttemptAt: after(-4 * day), relayDownBefore: .zero),
            InFlightMail.Row(
                id: 2, firstAttemptAt: after(-4 * day), relayDownBefore: .seconds(day)),
            InFlightMail.Row(id: 3, firstAttemptAt: after(-2 * day), relayDownBefore: .zero),
            InFlightMail.Row(id: 4, firstAttemptAt: nil, relayDownBefore: .zero),
        ])
    func expired(_ down: Duration) -> [Int64] {
        let finished = rules.finish(
            mail, OutcomeRules.Ending(verdict: .deferred(later), at: now), relayDown: down,
            using: &generator)
        guard case .deferred(let due, let expired) = finished.outcome else { return [-1] }
        // After the third attempt: 1 to 2 minutes.
        #expect(due >= after(60) && due <= after(120))
        #expect(finished.error == later)
        return expired
    }
    #expect(expired(.zero) == [1, 2])
    // Two days of outage: one of them came before the second row's first attempt.
    #expect(expired(.seconds(2 * day)) == [2])
}

/// What the relay has accepted, or refused for good, is certain whatever was restored.
@Test func `in a restored database what was under way is uncertain`() throws {
    var generator = SplitMix64(seed: 1)
    let rules = OutcomeRules(settings: try settings())
    func disowned(_ outcome: FinishedMail.Outcome) -> FinishedMail.Outcome {
        let finished = FinishedMail(mail: inFlight(), outcome: outcome, at: now)
        return rules.disowned(finished, using: &generator).outcome
    }
    for outcome in [
        FinishedMail.Outcome.returned(dueAt: nil, takenOver: false), .faulty("x"),
        .deferred(dueAt: now, expired: [1]),
    ] {
        #expect(disowned(outcome).name == "uncertain")
    }
    #expect(disowned(.sent).name == "sent" && disowned(.failed(.rejected)).name == "rejected")
}

@Test(arguments: [
    (0, UncertainPolicy.resend, true), (1, .resend, true), (2, .resend, false),
    (0, .hold, false),
])
func `an uncertain mail goes again at most twice, or is held`(
    _ copies: Int, _ policy: UncertainPolicy, _ goes: Bool
) throws {
    var generator = SplitMix64(seed: 2)
    var settings = try settings()
    settings.onUncertain = policy
    let error = DeliveryError(stage: .final, text: "no reply")
    for isTakeover in [false, true] {
        var ending = OutcomeRules.Ending(verdict: .uncertain(error), at: now)
        ending.isTakeover = isTakeover
        let finished = OutcomeRules(settings: settings).finish(
            inFlight(copies: copies), ending, relayDown: .zero, using: &generator)
        guard case .uncertain(let due, _) = finished.outcome else {
            Issue.record("not uncertain")
            return
        }
        #expect((due != nil) == goes)
        // The relay was not at fault where the process died.
        if goes, isTakeover { #expect(due == now) }
        if goes, !isTakeover { #expect((due ?? now) >= after(15)) }
    }
}

@Test(arguments: [(0, Int64(0)), (1, 0), (2, 1), (3, 2), (20, 300)])
func `a mail that its process died with waits longer each time`(
    _ takeovers: Int, _ seconds: Int64
) throws {
    var generator = SplitMix64(seed: 3)
    var ending = OutcomeRules.Ending(verdict: .released(later), at: now)
    ending.isTakeover = true
    let finished = OutcomeRules(settings: try settings()).finish(
        inFlight(takeovers: takeovers), ending, relayDown: .zero, using: &generator)
    guard case .returned(let due, takenOver: true) = finished.outcome else {
        Issue.record("not returned")
        return
    }
    #expect(due == after(seconds))
}

@Test func `trouble of the relay's gives the mail back as it was`() throws {
    var generator = SplitMix64(seed: 4)
    let trouble = RelayTrouble(kind: .outage, error: later)
    let finished = OutcomeRules(settings: try settings()).finish(
        inFlight(), OutcomeRules.Ending(verdict: .relayTrouble(trouble), at: now),
        relayDown: .zero, using: &generator)
    guard case .returned(dueAt: nil, takenOver: false) = finished.outcome else {
        Issue.record("not returned")
        return
    }
    #expect(finished.senderEvent == .released(mail: 5) && finished.error == later)
}

// "The wall clock may jump (NTP, suspend): nothing is sent early or lost."
@Test(
    arguments: [
        // Written an hour "ago", which was just before the clock was set forward by an hour.
        (3_600, -3_600, false, -3_600 + 60 + 3_600),
        // Written by the new clock.
        (3_600, -1, false, -1 + 60),
        // Written by the old clock, before it was set back by an hour.
        (-3_600, 3_600, false, 3_600 + 60 - 3_600),
        (-3_600, -1, false, -1 + 60),
        // An instant row waits for nothing.
        (3_600, -3_600, true, -3_600),
    ] as [(Int64, Int64, Bool, Int64)])
func `a row first seen when the clock was set is due by the clock that wrote it`(
    jump: Int64, createdAt: Int64, isInstant: Bool, dueAt: Int64
) throws {
    let steady = SteadyTime(nanoseconds: 0)
    let clockJump = ClockJump(
        from: ClockReading(wall: after(-jump), steady: steady),
        to: ClockReading(wall: now, steady: steady))
    let step = ClockStep(jump: try #require(clockJump), bootedAt: after(-9_000), newestInOutbox: 7)
    let rules = RowRules.ingest(try settings(), at: now, clockSteps: [step])
    func row(_ id: Int64) -> OutboxRow {
        OutboxRow(
            id: id, helpdeskID: "h", conversationID: "c", messageID: "m", audience: "visitor",
            recipientEmail: "ann@example.test", isInstant: isInstant,
            isCancelled: false, createdAt: after(createdAt), dueAt: now, attempts: 0,
            relayDownBefore: .zero)
    }
    #expect(rules.due(row(7)) == after(dueAt))
    // A row that came after the step was noticed is the new clock's.
    #expect(rules.due(row(8)) == RowRules.ingest(try settings(), at: now).due(row(8)))
}
