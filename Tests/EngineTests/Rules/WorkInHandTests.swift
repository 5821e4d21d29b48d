import Delivery
import Store
import Testing

@testable import Engine

/// What is claimed and not written down: nothing is forgotten, and nothing counts twice.
struct WorkInHandTests {
    private static let now = SteadyTime(nanoseconds: 1_000_000_000_000)

    private func result(_ id: Int64, octets: Int = 100) -> SendResult {
        let mail = SendingBed.mail(id, text: String(repeating: "x", count: octets))
        return SendResult(
            mail: mail, end: .verdict(.accepted(SMTPReply(code: 250))),
            at: WallTime(milliseconds: 1))
    }

    /// So many are claimed and have ended.
    private func hand(_ results: [SendResult]) -> WorkInHand {
        var hand = WorkInHand()
        hand.claimed(results.count)
        for result in results { hand.composed(result.mail) }
        hand.add(results)
        return hand
    }

    private func commit(
        _ hand: inout WorkInHand, unrecorded: [Int64: String] = [:], after time: Duration = .zero
    ) -> (settled: [Int64], failed: [Int64]) {
        var settled: [Int64] = []
        let failed = hand.committed(unrecorded: unrecorded, at: Self.now + time) {
            settled.append($0.mail.mail.mailID)
        }
        return (settled, failed.map(\.mail.mailID))
    }

    private func ids(_ results: [SendResult]) -> [Int64] { results.map(\.mail.mail.mailID) }

    @Test func `what is written down leaves, and its memory with it`() {
        var hand = hand([result(1, octets: 4 << 20), result(2, octets: 4 << 20)])
        #expect(hand.count == 2 && !hand.hasRoom && !hand.hasNoResults)
        let (settled, failed) = commit(&hand)
        #expect(settled == [1, 2] && failed.isEmpty)
        #expect(hand.count == 0 && hand.hasRoom && hand.hasNoResults)
    }

    @Test func `an outcome that could not be written down comes again, and is noted once`() {
        var hand = hand([result(1), result(2)])
        let (settled, failed) = commit(&hand, unrecorded: [2: "disk"])
        #expect(settled == [1] && failed == [2])
        #expect(hand.count == 1 && hand.unrecordedCount == 1 && hand.hasNoResults)
        #expect(hand.toNote.map(\.text) == ["disk"])
        hand.noted()
        hand.addDue(at: Self.now)
        #expect(hand.hasNoResults)
        hand.addDue(at: Self.now + .seconds(2))
        #expect(ids(hand.results) == [2] && hand.unrecordedCount == 0)
        let again = commit(&hand, unrecorded: [2: "disk"], after: .seconds(2))
        #expect(again.failed.isEmpty && hand.toNote.isEmpty && hand.mostFailures == 2)
        hand.addAllUnrecorded()
        let last = commit(&hand, after: .seconds(3))
        #expect(last.settled == [2] && hand.count == 0 && hand.mostFailures == 0)
    }

    @Test func `what waits to be written down takes no memory`() {
        var hand = hand([result(1, octets: 8 << 20)])
        #expect(!hand.hasRoom)
        let first = commit(&hand, unrecorded: [1: "audit"])
        #expect(first.failed == [1] && hand.hasRoom)
        hand.addAllUnrecorded()
        let second = commit(&hand)
        #expect(second.settled == [1] && hand.hasRoom && hand.count == 0)
    }

    /// Else its outcomes would take all records of the in-flight journal, and nobody could send.
    @Test(arguments: [(19, false), (20, true)])
    func `a helpdesk with too many outcomes that can't be written down sends no more`(
        count: Int, isFull: Bool
    ) {
        var hand = hand((1...Int64(count)).map { result($0) })
        #expect(hand.full.isEmpty)
        let texts = Dictionary(uniqueKeysWithValues: (1...Int64(count)).map { ($0, "audit") })
        _ = commit(&hand, unrecorded: texts)
        #expect(hand.full == (isFull ? ["h"] : []))
        hand.addAllUnrecorded()
        _ = commit(&hand, after: .seconds(1))
        #expect(hand.full.isEmpty)
    }

    @Test func `what need not count leaves its memory to others`() {
        let seven = hand([result(1, octets: 7 << 20)])
        #expect(!seven.hasRoom && !seven.hasRoom(besides: 0) && !seven.hasRoom(besides: 1 << 20))
        #expect(seven.hasRoom(besides: 2 << 20))
    }

    /// Its octets are gone while its reply is waited for; they are given back once, with its outcome.
    @Test func `a mail that was emptied gives back what it counted for`() {
        let whole = result(1, octets: 8 << 20)
        var hand = WorkInHand()
        hand.claimed(2)
        hand.composed(whole.mail)
        hand.composed(result(2, octets: 4 << 20).mail)
        let emptied = SendResult(
            mail: whole.mail.emptied(countedAs: whole.mail.octets), end: whole.end, at: whole.at)
        #expect(emptied.mail.isEmptied && emptied.mail.content.message.isEmpty && !hand.hasRoom)
        hand.add([emptied])
        _ = commit(&hand)
        #expect(hand.hasRoom && !hand.hasRoom(besides: -2 << 20))
    }

    /// The copy of one that is in the database need not wait in memory for its outcome to be written down.
    @Test(arguments: [true, false])
    func `an uncertain outcome that waits keeps only what is nowhere else`(isKept: Bool) {
        let text = String(repeating: "x", count: 8 << 20)
        let uncertain = SendResult(
            mail: SendingBed.mail(1, text: text, isKept: isKept),
            end: .verdict(.uncertain(DeliveryError(stage: .final, text: "silent"))),
            at: WallTime(milliseconds: 1))
        var hand = hand([uncertain])
        _ = commit(&hand, unrecorded: [1: "audit"])
        #expect(hand.hasRoom == isKept)
        hand.addAllUnrecorded()
        #expect(hand.results[0].mail.content.message.isEmpty == isKept)
    }
}
