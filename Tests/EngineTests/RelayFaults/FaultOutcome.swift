import Delivery

/// What is expected of one cell: what becomes of the mail, of the connection, and what the person on call
/// reads.
struct FaultOutcome: Hashable, Sendable {
    enum Fate: String, CaseIterable, Sendable {
        case sent, again, deferred, failed, uncertain, outage, login

        /// The rows show one more attempt.
        var isAttempt: Bool {
            switch self {
            case .sent, .deferred, .failed, .uncertain, .again: true
            case .outage, .login: false
            }
        }

        /// For those who read the table.
        var meaning: String {
            switch self {
            case .sent: "the relay has it, and nobody is told of anything"
            case .again:
                "it goes out at once over another connection; the one that failed costs no attempt"
            case .deferred: "it is tried again, with backoff; an attempt is counted"
            case .failed: "it is refused for good (`rejected`); an attempt is counted"
            case .uncertain:
                "it may have arrived; `OUTBOXD_ON_UNCERTAIN` decides; an attempt is counted"
            case .outage:
                "the relay is taken for down and tried again in a second; the mail waits (`relay`), and no attempt "
                    + "is counted"
            case .login:
                "the same, but somebody has to look at certificates or the password: tried again in half a minute"
            }
        }
    }

    var fate: Fate
    /// The connection takes the next mail.
    var keepsConnection = false
    /// Where the error is said to be; nil: at the stage of the fault.
    var stage: Stage?
    /// How the error begins; nobody reads one where it is empty.
    var reads = ""
    /// Where it may be said to be as well: it depends on which of two octets comes first.
    var otherStage: Stage?

    /// As the table shows it.
    var word: String { fate.rawValue + (keepsConnection ? " +" : "") }

    func at(_ stage: Stage, or otherStage: Stage? = nil) -> FaultOutcome {
        var other = self
        (other.stage, other.otherStage) = (stage, otherStage)
        return other
    }
}

/// The words of the table.
extension FaultOutcome {
    static let sent = FaultOutcome(fate: .sent, keepsConnection: true)
    /// And the connection is over.
    static let sentAndOver = FaultOutcome(fate: .sent)
    static let again = FaultOutcome(fate: .again)

    static func deferred(_ reads: String) -> FaultOutcome {
        FaultOutcome(fate: .deferred, reads: reads)
    }
    static func uncertain(_ reads: String) -> FaultOutcome {
        FaultOutcome(fate: .uncertain, reads: reads)
    }
    static func outage(_ reads: String) -> FaultOutcome {
        FaultOutcome(fate: .outage, reads: reads)
    }
    static func login(_ reads: String) -> FaultOutcome {
        FaultOutcome(fate: .login, reads: reads)
    }

    /// 4xx to one mail; the relay is in step.
    static let refusedNow = FaultOutcome(
        fate: .deferred, keepsConnection: true, reads: "450 4.2.0 Later")
    static let refusedForGood = FaultOutcome(
        fate: .failed, keepsConnection: true, reads: "550 5.7.1 No")

    var andOver: FaultOutcome {
        var other = self
        other.keepsConnection = false
        return other
    }
}
