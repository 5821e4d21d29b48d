import Delivery
@testable import Engine
import Store
import Testing

@testable import Console

/// What a drain shows while it runs.
struct DrainLineTests {
    @Test(arguments: [
        (DrainLine(), "0 sent"),
        (DrainLine(sent: 120, total: 5_000), "120 of 5,000 sent"),
        (
            DrainLine(sent: 120, total: 5_000, deferred: 3, perMinute: 2_880, left: .seconds(102)),
            "120 of 5,000 sent, 3 deferred, 48/s, 1 min 42 s left"
        ),
        (
            DrainLine(
                sent: 1_234_567, deferred: 1_000, failed: 1, uncertain: 2, returned: 3,
                perMinute: 59),
            "1,234,567 sent, 1,000 deferred, 1 failed, 2 uncertain, 3 returned, 59/min"
        ),
        (DrainLine(sent: 7, total: 5, perMinute: 0, left: .zero), "7 of 7 sent, 0 s left"),
        (DrainLine(left: .milliseconds(59_001)), "0 sent, 1 min 0 s left"),
        (DrainLine(left: .seconds(7_500)), "0 sent, 2 h 5 min left"),
        (DrainLine(left: .seconds(277_200)), "0 sent, 3 d 5 h left"),
    ])
    func `one line says how far it is`(line: DrainLine, text: String) {
        #expect(line.text == text)
    }

    @Test(arguments: [
        (80, "120 of 5,000 sent, 3 deferred, 48/s, 1 min 42 s left"),
        (52, "120 of 5,000 sent, 3 deferred, 48/s, 1 min 42 s left"),
        (51, "120 of 5,000 sent, 3 deferred, 1 min 42 s left"),
        (20, "120 of 5,000 sent, …"),
    ])
    func `a narrow terminal loses the pace first`(width: Int, text: String) {
        let line = DrainLine(
            sent: 120, total: 5_000, deferred: 3, perMinute: 2_880, left: .seconds(102))
        #expect(line.text(width: width) == text)
    }

    private static func at(_ milliseconds: Int64) -> SteadyTime {
        SteadyTime(nanoseconds: 5_000_000_000 + milliseconds * 1_000_000)
    }

    @Test func `the pace is that of the last ten seconds`() {
        var pace = DrainPace()
        pace.add(0, at: Self.at(0))
        pace.add(40, at: Self.at(999))
        #expect(pace.perMinute == nil && pace.left(10) == nil)
        pace.add(50, at: Self.at(1_000))
        #expect(pace.perMinute == 3_000)
        #expect(pace.left(100) == .seconds(2))
        for second in 2...20 { pace.add(50, at: Self.at(Int64(second) * 1_000)) }
        #expect(pace.perMinute == 0 && pace.left(100) == nil)
    }

    private static func attempt(
        _ outcome: FinishedMail.Outcome, to recipient: String, _ error: DeliveryError?,
        mail: Int64 = 1
    ) -> EngineEvent.Attempt {
        EngineEvent.Attempt(
            mailID: mail, rows: [1, 2], recipient: recipient, outcome: outcome, error: error,
            delays: Delays())
    }

    @Test func `each cause is told once, and counted`() {
        let tally = Tally()
        for name in ["ann", "bob", "cid"] {
            let error = DeliveryError(
                stage: .rcpt, code: 450, enhanced: EnhancedStatusCode(4, 2, 0),
                text: "4.2.0 <\(name)@example.test> is greylisted")
            let outcome = FinishedMail.Outcome.deferred(
                dueAt: WallTime(milliseconds: 0), expired: [])
            tally.note(
                .attempted([
                    Self.attempt(outcome, to: "\(name)@example.test", error),
                    Self.attempt(.sent, to: "\(name)@example.test", nil),
                ]))
        }
        tally.note(.failedRow(id: 9, reason: .invalidAddress, text: "recipient_email: no @"))
        #expect(
            tally.takeNews() == [
                "deferred: rcpt: 450 4.2.0 <address> is greylisted",
                "failed (invalid_address): recipient_email: no @",
            ])
        #expect(tally.takeNews() == [])
        #expect(
            tally.causes == [
                "3 × deferred: rcpt: 450 4.2.0 <address> is greylisted",
                "1 × failed (invalid_address): recipient_email: no @",
            ])
        #expect(tally.summary.hasPrefix("sent 3 mails (6 rows), skipped 0, deferred 3, failed 1"))
    }

    @Test func `so many causes and no more are kept`() {
        var causes = DrainCauses()
        for number in 0..<60 { _ = causes.add("cause \(number)") }
        #expect(causes.all.count == 50 && causes.others == 10)
    }

    @Test func `what failed for the relay and waits again is no cause any more`() {
        let tally = Tally()
        for (mail, text) in [(1, "access denied"), (2, "access denied"), (3, "no such user")] {
            let error = DeliveryError(stage: .rcpt, code: 550, text: text)
            tally.note(
                .attempted([
                    Self.attempt(.failed(.rejected), to: "a@b.test", error, mail: Int64(mail))
                ]))
        }
        tally.note(.reopenedMails([1, 2, 99]))
        tally.note(.reopenedForRelay(rows: 4))
        #expect(tally.summary.contains("failed 2"))
        #expect(tally.causes == ["1 × failed (rejected): rcpt: 550 no such user"])
        // Told once, however often it comes.
        tally.note(.reopenedMails([1]))
        #expect(tally.causes.count == 1)
    }

    // Rows of an earlier run may wait again because of this one.
    @Test func `no number falls below nothing`() {
        let tally = Tally()
        tally.note(.reopened(rows: 20, sender: "a@b.test"))
        #expect(tally.summary.contains("failed 0") && tally.summary.contains("sender 20"))
    }
}
