import Delivery
import Store
import Testing

@testable import Engine

/// What is known of a relay: how the rules about it work together.
final class RelayHealthTests {
    private static let refused = DeliveryError(stage: .rcpt, code: 554, text: "no")
    private static let outage = RelayTrouble(
        kind: .outage, error: DeliveryError(stage: .connect, text: "refused"))
    private static let lost = Verdict.uncertain(
        DeliveryError(stage: .final, text: "the relay closed the connection"))
    private static let accepted = Verdict.accepted(SMTPReply(code: 250))

    var health = RelayHealth(limit: 4, at: at(0).steady)

    private static func at(_ seconds: Double) -> ClockReading {
        let milliseconds = Int64(seconds * 1_000)
        return ClockReading(
            wall: WallTime(milliseconds: 1_900_000_000_000 + milliseconds),
            steady: SteadyTime(nanoseconds: 1_000_000_000 + milliseconds * 1_000_000))
    }

    @discardableResult
    private func ends(
        _ verdict: Verdict, mail: Int64 = 1, sender: String = "a@acme.test",
        began: RelayBreaker.Epoch? = nil, isFirst: Bool = false, at seconds: Double
    ) -> RelayHealth.Judged {
        health.judge(
            verdict, of: SendingBed.mail(mail, sender: sender).mail,
            began: began ?? health.epoch, isFirst: isFirst, at: Self.at(seconds))
    }

    private func fails(in epoch: RelayBreaker.Epoch? = nil, at seconds: Double) -> Bool {
        health.connectionFailed(Self.outage, in: epoch ?? health.epoch, at: Self.at(seconds))
    }

    private func news() -> [RelayStatus] { health.takeNews() }

    private func mayTry(_ mail: Int64, _ sender: String = "b@acme.test", at seconds: Double)
        -> Bool
    {
        !health.sift([SendingBed.mail(mail, sender: sender)], at: Self.at(seconds)).may.isEmpty
    }

    private func order(
        _ kind: RefusalKind, mail: Int64, accusing accusation: Accusation?, at seconds: Double
    ) -> RelayPauseOrder {
        RelayPauseOrder(
            kind: kind, error: Self.refused, at: Self.at(seconds).wall, accusation: accusation,
            mail: mail, sender: "a@acme.test")
    }

    private static let ofSender = Accusation(
        mail: 5, sender: "a@acme.test", helpdeskID: "h", isOfSender: true)

    @Test func `what it accepts shows that it works, and is told once`() {
        #expect(!health.isUp && !health.isDown)
        #expect(ends(Self.accepted, at: 1).isTrouble == false)
        ends(Self.accepted, mail: 2, at: 2)
        #expect(health.isUp && health.accepted == 2)
        let states = news().map(\.state)
        #expect(states == [.up])
        #expect(news().isEmpty)
    }

    @Test func `a connection that fails is news once an epoch, and accuses nobody`() {
        let epoch = health.epoch
        #expect(fails(in: epoch, at: 1))
        #expect(!fails(in: epoch, at: 1))
        #expect(health.isDown && health.allowance(at: Self.at(1).steady) == 0)
        let errors = news().map(\.error)
        #expect(errors == [Self.outage.error])
        // All go: that they can't for now is the breaker's to say.
        #expect(mayTry(1, at: 1.1))
        #expect(health.allowance(at: Self.at(1.1).steady) == 0)
    }

    @Test func `mail that has no part in a pause is tried at once`() {
        health.pause(by: order(.permanent, mail: 5, accusing: Self.ofSender, at: 1), at: Self.at(1))
        #expect(health.isDown)
        #expect(!mayTry(4, "a@acme.test", at: 1.1))
        #expect(health.allowance(at: Self.at(1.1).steady) == 0)
        #expect(mayTry(4, at: 1.1))
        #expect(health.allowance(at: Self.at(1.1).steady) == 1)
    }

    @Test func `what comes after a pause is tried, whoever wrote it`() {
        health.pause(by: order(.permanent, mail: 5, accusing: Self.ofSender, at: 1), at: Self.at(1))
        #expect(mayTry(6, "a@acme.test", at: 1.1))
    }

    /// The store decides some milliseconds after the sending thread has seen more.
    @Test func `an acceptance after the refusal revokes the pause`() {
        ends(Self.accepted, at: 2)
        health.pause(by: order(.permanent, mail: 5, accusing: nil, at: 1), at: Self.at(3))
        #expect(health.isUp)
        health.pause(by: order(.permanent, mail: 5, accusing: nil, at: 2.5), at: Self.at(3))
        #expect(health.isDown)
    }

    /// Each order of that hour would seem to be older than the acceptance, and the refused mails would be tried
    /// again at once, without end. (Found by simulation: seed 156.)
    @Test(arguments: [-3_600, 3_600])
    func `a clock that was set revokes no pause`(seconds: Int) {
        func set(_ reading: ClockReading) -> ClockReading {
            ClockReading(wall: reading.wall + .seconds(seconds), steady: reading.steady)
        }
        ends(Self.accepted, at: 2)
        var order = order(.permanent, mail: 5, accusing: nil, at: 1)
        order.at = set(Self.at(1)).wall
        health.pause(by: order, at: set(Self.at(3)))
        #expect(health.isUp)
        order.at = set(Self.at(2.5)).wall
        health.pause(by: order, at: set(Self.at(3)))
        #expect(health.isDown)
    }

    /// A refused connection takes no time: they would be tried again without end. (Found by simulation, seed 30000.)
    @Test func `who has no part in a refusal waits for the probe where the relay can't be reached`()
    {
        health.pause(by: order(.permanent, mail: 5, accusing: Self.ofSender, at: 1), at: Self.at(1))
        #expect(mayTry(6, at: 1.1))
        _ = health.started(at: Self.at(1.1).steady)
        #expect(fails(at: 1.1))
        _ = mayTry(6, at: 1.2)
        #expect(health.allowance(at: Self.at(1.2).steady) == 0)
    }

    /// Found by simulation, seed 1143 of the first generator.
    @Test func `an innocent mail that is refused alike is not tried again at once`() {
        health.pause(by: order(.permanent, mail: 5, accusing: Self.ofSender, at: 1), at: Self.at(1))
        #expect(mayTry(6, "b@acme.test", at: 1.1))
        let epoch = health.started(at: Self.at(1.1).steady)
        var second = order(.permanent, mail: 6, accusing: nil, at: 1.2)
        second.sender = "b@acme.test"
        health.pause(by: second, at: Self.at(1.2))
        health.released(at: Self.at(1.2).steady, in: epoch)
        // The probe is free again: it goes to whoever comes; afterwards nobody but a newcomer is tried.
        _ = health.started(at: Self.at(1.3).steady)
        #expect(!mayTry(6, "b@acme.test", at: 1.3))
    }

    @Test func `a probe that is refused as the others were has found the same trouble`() {
        health.pause(by: order(.permanent, mail: 5, accusing: nil, at: 1), at: Self.at(1))
        let judged = ends(.rejected(Self.refused), mail: 7, at: 40)
        guard case .relayTrouble(let trouble) = judged.verdict else {
            Issue.record("\(judged)")
            return
        }
        #expect(judged.isTrouble && trouble.kind == .credentials)
        // In an outage a refusal is the mail's own.
        health = RelayHealth(limit: 4, at: Self.at(0).steady)
        #expect(fails(at: 1))
        #expect(ends(.rejected(Self.refused), mail: 7, at: 40).verdict == .rejected(Self.refused))
    }

    @Test func `what was under way and is accepted ends a pause, but no outage`() {
        let before = health.epoch
        health.pause(by: order(.system, mail: 5, accusing: nil, at: 1), at: Self.at(1))
        ends(Self.accepted, began: before, at: 1.1)
        #expect(health.isUp)
        let later = health.epoch
        #expect(fails(in: later, at: 2))
        ends(Self.accepted, began: later, at: 2.1)
        #expect(health.isDown)
    }

    @Test func `a working relay accuses nobody any more`() {
        health.pause(by: order(.permanent, mail: 5, accusing: Self.ofSender, at: 1), at: Self.at(1))
        ends(Self.accepted, mail: 6, at: 2)
        #expect(health.accusation == nil && health.newcomers == nil)
        // What it refuses now is a mail's own again.
        #expect(ends(.rejected(Self.refused), mail: 7, at: 3).verdict == .rejected(Self.refused))
    }

    @Test func `mails that got 421 are accused, and the newest of them is remembered`() {
        let mails = [3, 9, 4].map { SendingBed.mail($0).mail }
        health.turnedAway(mails, Self.outage, at: Self.at(1))
        #expect(health.accusation?.mails == [3, 9, 4])
        #expect(health.newcomers?.after == 9)
        #expect(!mayTry(9, at: 1.1))
        #expect(mayTry(5, at: 1.1))
    }

    @Test func `five dots without a reply are the relay's trouble, and newcomers are tried`() {
        for mail in 1...4 { #expect(!ends(Self.lost, mail: Int64(mail), at: 1).isTrouble) }
        let before = health.epoch
        let fifth = ends(Self.lost, mail: 5, at: 1)
        #expect(fifth.isTrouble && fifth.verdict == Self.lost)
        #expect(health.isDown && health.newcomers?.after == 5)
        // One that was under way raises the bar, and makes no newcomer wait.
        #expect(ends(Self.lost, mail: 8, began: before, at: 1.1).isTrouble)
        #expect(!mayTry(8, at: 1.1) && mayTry(9, at: 1.1))
        let probe = health.started(at: Self.at(1.1).steady)
        ends(Self.lost, mail: 9, began: probe, at: 1.2)
        #expect(!mayTry(10, at: 1.25) && mayTry(10, at: 1.35))
    }
}
