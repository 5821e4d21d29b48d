internal import Delivery
internal import SMTP
internal import Store
internal import Synchronization

/// A claimed mail, composed, on its way to the sending thread and back.
final class OutgoingMail: Sendable {
    let mail: InFlightMail
    let content: FrozenMail
    /// Its octets, for the dialogue.
    let message: SurveyedMessage
    /// It was announced before: it goes out as it is, whatever has changed.
    let isCopy: Bool
    /// Its copy is in the database, so that its octets need not be in memory for its reply.
    ///
    /// A copy that fits into a slot's area is there instead. One that was lost with its process is composed anew.
    let isKept: Bool
    /// What it counts for in the memory of what is in hand, in octets; also one that was emptied.
    let octets: Int
    /// Its octets are gone: it can't be sent.
    let isEmptied: Bool
    /// What the pre-send check compares it with.
    let checked: CheckedMail
    let claimedAt: WallTime
    let dueAt: WallTime
    let emailMessageID: String
    /// Of its rows, each once, for the log.
    let traces: [TraceParent]
    /// In which queue it waits for a connection.
    let turn: TurnClass
    /// Surely fits into a slot's area, with its addresses.
    private static let smallMessage = 32_768
    private let staleTries = Atomic<Int>(0)

    /// - Parameter isKept: Its copy is, or is about to be, in the database.
    init(_ claim: Claim, content: FrozenMail, isKept: Bool) {
        mail = InFlightMail(
            claim, mayBeKept: claim.wasClaimed || content.message.count > Self.smallMessage)
        self.content = content
        isCopy = claim.copies > 0
        message =
            isCopy
            ? SurveyedMessage(content.message) : SurveyedMessage(composed: content.message)
        self.isKept = isKept
        octets = content.message.count
        isEmptied = false
        checked = CheckedMail(claim)
        claimedAt = claim.claimedAt
        dueAt = claim.dueAt
        emailMessageID = claim.emailMessageID
        traces = Self.traces(of: claim.rows)
        turn = claim.turn
    }

    private init(emptying mail: OutgoingMail, countedAs octets: Int) {
        self.mail = mail.mail
        content = FrozenMail(
            envelopeSender: mail.content.envelopeSender,
            envelopeRecipient: mail.content.envelopeRecipient,
            needsSMTPUTF8: mail.content.needsSMTPUTF8, message: [])
        message = SurveyedMessage([])
        isCopy = mail.isCopy
        isKept = mail.isKept
        self.octets = octets
        isEmptied = true
        checked = mail.checked
        claimedAt = mail.claimedAt
        dueAt = mail.dueAt
        emailMessageID = mail.emailMessageID
        traces = mail.traces
        turn = mail.turn
    }

    /// The same without its octets, once nothing is left to be sent of it.
    ///
    /// - Parameter octets: What it still counts for: as much as before until that is given back.
    func emptied(countedAs octets: Int) -> OutgoingMail {
        OutgoingMail(emptying: self, countedAs: octets)
    }

    private static func traces(of rows: [OutboxRow]) -> [TraceParent] {
        var traces: [TraceParent] = []
        for row in rows {
            guard let trace = row.traceparent.flatMap(TraceParent.init), !traces.contains(trace)
            else { continue }
            traces.append(trace)
        }
        return traces
    }

    /// It was never tried before.
    var isFirstTry: Bool { mail.attempts == 0 && mail.copies == 0 && mail.takeovers == 0 }

    var oldestReplyAt: WallTime { checked.oldestReplyAt }

    var envelope: Envelope {
        Envelope(
            from: content.envelopeSender, recipient: content.envelopeRecipient,
            size: content.message.count, needsSMTPUTF8: content.needsSMTPUTF8)
    }

    /// Another connection turned out dead under it; how many have by now.
    func countStaleTry() -> Int { staleTries.add(1, ordering: .relaxed).newValue }
}
