import Delivery
import Testing

/// The table of ``LostReplies``, line by line.
struct LostRepliesTests {
    private static let lost = DeliveryError(stage: .final, text: "the relay closed the connection")
    private static let trouble = RelayEvidence.trouble(
        RelayTrouble(kind: .outage, error: lost))

    /// After so many mails in a row without a clear reply.
    private static func after(_ count: Int) -> LostReplies {
        var replies = LostReplies()
        for mail in 0..<Int64(count) {
            _ = replies.judge(.uncertain(lost), mail: mail, usual: .nothing)
        }
        return replies
    }

    @Test(arguments: 0..<4)
    func `a few lost replies are the mails' own`(before: Int) {
        var replies = Self.after(before)
        #expect(replies.judge(.uncertain(Self.lost), mail: 99, usual: .nothing) == .nothing)
        #expect(!replies.areTooMany)
    }

    @Test(arguments: 4...5)
    func `the fifth in a row is the relay's trouble, and each after it`(before: Int) {
        var replies = Self.after(before)
        #expect(replies.judge(.uncertain(Self.lost), mail: 99, usual: .nothing) == Self.trouble)
        #expect(replies.areTooMany)
    }

    @Test func `a mail that is tried again counts once`() {
        var replies = Self.after(4)
        for _ in 0..<9 {
            #expect(replies.judge(.uncertain(Self.lost), mail: 3, usual: .nothing) == .nothing)
        }
    }

    @Test(arguments: [
        Verdict.accepted(SMTPReply(code: 250)),
        .deferred(DeliveryError(stage: .final, code: 451, text: "later")),
        .rejected(DeliveryError(stage: .final, code: 554, text: "no")),
    ])
    func `a clear reply to a final dot ends the row`(verdict: Verdict) {
        for before in [4, 5] {
            var replies = Self.after(before)
            #expect(replies.judge(verdict, mail: 99, usual: .works) == .works)
            #expect(replies == LostReplies())
        }
    }

    /// It says nothing about what becomes of a message.
    @Test(arguments: [
        Verdict.deferred(DeliveryError(stage: .rcpt, code: 450, text: "later")),
        .rejected(DeliveryError(stage: .rcpt, code: 550, text: "unknown")),
        .turnedAway(DeliveryError(stage: .final, code: 421, text: "bye")),
    ])
    func `a reply before the dot proves nothing`(verdict: Verdict) {
        var few = Self.after(4)
        #expect(few.judge(verdict, mail: 99, usual: .works) == .works)
        #expect(few == Self.after(4))
        var many = Self.after(5)
        #expect(many.judge(verdict, mail: 99, usual: .works) == .nothing)
        #expect(many.judge(.relayTrouble(.outage), mail: 99, usual: Self.trouble) == Self.trouble)
        #expect(many == Self.after(5))
    }
}
