import Delivery
import Testing

/// What a store would do with the effects, over whole stories.
@Suite struct SenderStoryTests {
    struct Ledger {
        var record = SenderRecord()
        var failed: Set<Int64> = []
        var pending: Set<Int64> = []
        var effects: [SenderEffect] = []

        mutating func note(_ event: SenderEvent, at seconds: Double) {
            for effect in record.apply(event, at: wall(seconds)) {
                effects.append(effect)
                switch effect {
                case .fail(let mail):
                    failed.insert(mail)
                    pending.remove(mail)
                case .returnToPending(let mails):
                    failed.subtract(mails)
                    pending.formUnion(mails)
                case .block, .unblock: break
                }
            }
        }
    }

    // "A refused sender is not the recipients' fault."
    @Test func `five refusals in a row fail nobody`() {
        var ledger = Ledger()
        for mail in 1...5 as ClosedRange<Int64> {
            ledger.note(.refused(mail: mail, counts: true), at: Double(mail))
        }
        #expect(ledger.failed == [])
        #expect(ledger.pending == [1, 2, 3, 4, 5])
        ledger.note(.probeStarted(mail: 1), at: 40)
        ledger.note(.refused(mail: 1, counts: true), at: 41)
        ledger.note(.probeStarted(mail: 2), at: 101)
        ledger.note(.accepted(mail: 2), at: 102)
        #expect(ledger.failed == [])
        #expect(ledger.effects.last == .unblock)
    }

    // "none accepted in between"
    @Test func `an accepted mail in between begins the count anew`() {
        var ledger = Ledger()
        for mail in 1...20 as ClosedRange<Int64> {
            ledger.note(.refused(mail: mail, counts: true), at: Double(mail))
            if mail % 4 == 0 { ledger.note(.accepted(mail: 100 + mail), at: Double(mail)) }
        }
        #expect(!ledger.record.isBlocked)
        #expect(ledger.failed.count == 20)
    }

    @Test func `a temporary reply in between neither counts nor begins anew`() {
        var ledger = Ledger()
        for mail in 1...4 as ClosedRange<Int64> {
            ledger.note(.refused(mail: mail, counts: true), at: Double(mail))
            ledger.note(.deferred(mail: 50 + mail), at: Double(mail))
            ledger.note(.refused(mail: 80 + mail, counts: false), at: Double(mail))
        }
        #expect(!ledger.record.isBlocked)
        ledger.note(.refused(mail: 5, counts: true), at: 5)
        #expect(ledger.record.isBlocked)
        #expect(ledger.pending == [1, 2, 3, 4, 5])
        #expect(ledger.failed == [81, 82, 83, 84])
    }

    @Test(arguments: [
        (Verdict.accepted(SMTPReply(code: 250)), SenderEvent.accepted(mail: 3)),
        (
            .rejected(DeliveryError(stage: .mail, code: 550, text: "")),
            .refused(mail: 3, counts: true)
        ),
        (
            .rejected(
                DeliveryError(
                    stage: .rcpt, code: 550, enhanced: EnhancedStatusCode(5, 1, 1), text: "")),
            .refused(mail: 3, counts: false)
        ),
        (.deferred(DeliveryError(stage: .mail, code: 450, text: "")), .deferred(mail: 3)),
        (.uncertain(DeliveryError(stage: .final, text: "")), .deferred(mail: 3)),
        (.unsupported(DeliveryError(stage: .mail, text: "")), .released(mail: 3)),
        (.released(DeliveryError(stage: .mail, text: "")), .released(mail: 3)),
        (.relayTrouble(.outage), .released(mail: 3)),
    ])
    func `an outcome is one event`(verdict: Verdict, event: SenderEvent) {
        #expect(SenderEvent(verdict, mail: 3) == event)
    }
}
