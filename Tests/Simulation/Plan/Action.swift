import Delivery
import Store

/// Something that happens in a simulated world, decided before it begins.
///
/// Rows and processes are told by their place: the n-th of those there are by then, counted round. A third
/// of the places are of rows in a rare state, a third of those that are open, if there are any.
indirect enum Action: Sendable, Equatable {
    // The API server.
    case insert(NewReply)
    case edit(row: Int)
    case cancel(row: Int)
    case delete(row: Int)
    /// The recipient of the row reads its conversation up to now.
    case read(row: Int)
    case makeInstant(row: Int)
    case pauseHelpdesk(Int, Bool)
    /// The address of a recipient, by its number, gets an entry in `suppressions`, or loses it.
    case suppress(recipient: Int, Bool)

    // The operator.
    /// nil is everything.
    case pause(helpdesk: Int?)
    case resume(helpdesk: Int?)
    case retry(row: Int)
    case cancelByOperator(row: Int)
    case resolve(row: Int, asSent: Bool)
    case prune
    case probe
    case drain(ignoresHold: Bool, limit: Int?)

    // Faults.
    case relay(RelayMood)
    /// A daemon dies when it has passed so many points more.
    case kill(process: Int, afterPoints: Int)
    case startDaemon
    case stop(process: Int)
    case freeze(process: Int, for: Duration)
    /// It loses the processor in the middle of a turn, when it has passed so many points more that touch no
    /// database; the API server does this meanwhile.
    case preempt(process: Int, afterPoints: Int, for: Duration, meanwhile: [Action])
    case setClock(by: Duration)
    case disk(DiskTrouble?, for: Duration)
}

/// A row as the API server inserts it.
struct NewReply: Sendable, Equatable {
    var helpdesk: Int
    var conversation: Int
    var recipient: Int
    var isInstant: Bool
    var isForOperator: Bool
    /// How long ago it was written.
    var age: Duration
    /// From now on.
    var notBefore: Duration?
    /// The address in capitals, with a space.
    var isOddlySpelled: Bool
    /// The same reply as that row's, to another spelling of the address.
    var repeats: Int?

    /// The two are to the same recipient in the same conversation.
    func isOfConversation(of other: NewReply) -> Bool {
        (helpdesk, conversation, recipient) == (other.helpdesk, other.conversation, other.recipient)
    }

    /// Of all that ``isOfConversation(of:)``.
    var conversationName: String { "\(helpdesk) \(conversation) \(recipient)" }
}

/// What commits of outboxd fail with.
enum DiskTrouble: String, Sendable, Equatable, CaseIterable {
    case full, failing
}

/// How the relay behaves from now on.
enum RelayMood: Sendable, Equatable {
    case well
    /// Connections are refused.
    case down
    /// Each reply takes so long.
    case slow(Duration)
    /// One in so many commands meets the trouble; only those about mails of that helpdesk, if one is named.
    case troubled(Trouble, oneIn: Int, helpdesk: Int?)

    /// Helpdesks that did nothing feel it, too.
    var isEverybodys: Bool {
        switch self {
        case .well: false
        case .down, .slow: true
        case .troubled(_, _, let helpdesk): helpdesk == nil
        }
    }

    enum Trouble: String, Sendable, CaseIterable {
        /// Replies to MAIL.
        case senderRefused, mailDeferred, loginWanted
        /// Replies to RCPT.
        case mailboxUnknown, recipientDeferred, recipientRefused
        /// Replies to DATA, and to the final dot.
        case dataDeferred, contentRefused, contentDeferred
        /// Ends of the connection.
        case closing421, closeAtMail, closeAtData, closeAtDot, closeAfterAccepting
        /// No reply.
        case silenceAtMail, silenceAtDot, silenceAfterAccepting
    }
}
