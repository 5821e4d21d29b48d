import Delivery
import TestSupport
import Testing

/// Seeded schedules: whatever one sender's replies are, nobody else is blocked for them.
@Suite struct SuspicionsPropertyTests {
    /// The bad one gets any refusal at any time; the good ones are accepted, but for an unknown mailbox
    /// now and then, which is no event for ``Suspicions``.
    @Test(arguments: 1...200 as ClosedRange<UInt64>)
    func `beside senders that are accepted, one sender's replies block at most itself`(
        seed: UInt64
    ) {
        var generator = SplitMix64(seed: seed)
        var suspicions = Suspicions()
        var refusedSince = 0
        for mail in 1...400 as ClosedRange<Int64> {
            var rulings: [Ruling] = []
            // The good ones are in line all the time: of five refusals of one kind in a row, the
            // relay's clearing comes at the latest after the ninth.
            if refusedSince >= 9 || generator.chance(40) {
                refusedSince = 0
                rulings = suspicions.accepted(sender: "good\(generator.next() % 3)")
            } else {
                refusedSince += 1
                let kind = RefusalKind.allCases.randomElement(using: &generator) ?? .permanent
                let isOwnFault = generator.chance(10)
                rulings = suspicions.refused(
                    mail, sender: "bad", kind: kind, isOwnFault: isOwnFault
                ) { WaitingOthers(any: true, ofAnotherSender: true) }
            }
            for ruling in rulings {
                if case .pauseRelay = ruling { Issue.record("the relay is paused: \(seed)") }
                if case .block(let sender) = ruling { #expect(sender == "bad") }
            }
        }
    }

    /// A relay that refuses everybody fails nobody: of all mails refused at most five have failed and are
    /// not returned by the time it is paused.
    @Test(arguments: 1...100 as ClosedRange<UInt64>)
    func `where every sender is refused the relay is paused, and all return`(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var suspicions = Suspicions()
        var failed: Set<Int64> = []
        for mail in 1...40 as ClosedRange<Int64> {
            let sender = mail <= 2 ? "s\(mail)" : "s\(generator.next() % 4)"
            failed.insert(mail)
            let rulings = suspicions.refused(
                mail, sender: sender, kind: .permanent, isOwnFault: false
            ) { WaitingOthers(any: true, ofAnotherSender: true) }
            for case .waitForRelay(let mails) in rulings { failed.subtract(mails) }
            for case .block in rulings { Issue.record("a sender is blocked: \(seed)") }
        }
        #expect(suspicions.relayPause == .permanent)
        #expect(failed.isEmpty)
    }
}
