internal import Delivery
internal import SMTP
internal import Store
internal import Synchronization

/// A claimed mail, composed, on its way to the sending thread and back.
final class OutgoingMail: Sendable {
    let mail: InFlightMail
    let content: FrozenMail
    /// It was announced before: it goes out as it is, whatever has changed.
    let isCopy: Bool
    /// Its copy is in the database.
    ///
    /// One that was lost with its process is composed anew.
    let isKept: Bool
    /// The creation times of its replies, for the last look.
    let oldestReplyAt: WallTime
    let newestReplyAt: WallTime
    let claimedAt: WallTime
    let emailMessageID: String
    private let staleTries = Atomic<Int>(0)

    init(_ claim: Claim, content: FrozenMail) {
        mail = InFlightMail(claim)
        self.content = content
        isCopy = claim.copies > 0
        isKept = claim.frozen != nil
        let times = claim.rows.map(\.createdAt)
        oldestReplyAt = times.min() ?? claim.claimedAt
        newestReplyAt = times.max() ?? claim.claimedAt
        claimedAt = claim.claimedAt
        emailMessageID = claim.emailMessageID
    }

    var envelope: Envelope {
        Envelope(
            from: content.envelopeSender, recipient: content.envelopeRecipient,
            size: content.message.count, needsSMTPUTF8: content.needsSMTPUTF8)
    }

    /// Another connection turned out dead under it; how many have by now.
    func countStaleTry() -> Int { staleTries.add(1, ordering: .relaxed).newValue }
}

/// What came of an ``OutgoingMail``.
struct SendResult: Sendable {
    enum End: Sendable {
        case verdict(Verdict)
        /// It was not begun: we stop, or the relay is in trouble.
        case unused
        /// It was not begun: something was read, cancelled or deleted meanwhile.
        case changed
        /// Another process has taken it over.
        case lost
    }
    var mail: OutgoingMail
    var end: End
    var slot: SlotFile.Slot?
    var at: WallTime
    var delays = Delays()
    /// The relay, as `host[ip]:port`.
    var relay: String?
}

/// Where the time went, as Postfix's `delays=a/b/c/d` tells it.
package struct Delays: Sendable {
    /// From the oldest reply to the claim: the hold, mostly.
    package var beforeClaim: Duration = .zero
    /// From the claim to the first command.
    package var queued: Duration = .zero
    /// Connecting, TLS, EHLO, AUTH; zero on a connection that was open.
    package var connecting: Duration = .zero
    /// From MAIL to the final reply.
    package var transmitting: Duration = .zero

    package var total: Duration { beforeClaim + queued + connecting + transmitting }
}
