import Delivery

/// What the API server, the reader and the operator know of a row: enough to say whether a mail about it is right.
struct LedgerRow {
    var id: Int64
    /// What stands in its text; rows of the same reply share it.
    var token: Int
    var reply: NewReply
    var insertedAt: SteadyTime
    var createdAt: WallTime
    var notBefore: WallTime?
    var isInstant: Bool
    /// When each of these was committed; nil if it does not hold.
    var cancelledAt: SteadyTime?
    var deletedAt: SteadyTime?
    var readAt: SteadyTime?
    /// Its conversation was read at some time; where the clock was set nobody can say of which rows that is true.
    var mayBeRead = false
    /// A drain did not wait for its hold, or the clock was set when nobody could know by how much for this row.
    var hasHoldInDoubt = false
    /// An operator had a say: it may be sent again.
    var isInOperatorsHands = false
    /// As `outbox_status` had it last.
    var state = "none"
    var reason: String?
    /// It was refused, and may have come back since: into another mail.
    var hasFailed = false
    /// From then on it waits for its retry, not for its hold (Gathering).
    var wasTried = false
    /// Those that count now: a refusal that turns out to be the relay's trouble is taken back.
    var attempts: Int64 = 0

    /// In few moments is a row in one of them.
    var isInRareState: Bool {
        state == "sending" || ["deferred", "uncertain", "relay", "sender"].contains(reason)
    }

    /// It was put off, and whatever comes later in its conversation waits for it.
    var mayBlock: Bool {
        state == "pending" && reason == "deferred" && attempts > 0 && !isInOperatorsHands
            && !hasFailed
            && deletedAt == nil
    }

    /// It was there before the other, wanted and untried, and is of the same mail.
    func shouldGoWith(_ later: LedgerRow) -> Bool {
        insertedAt < later.insertedAt && token != later.token
            && reply.isForOperator == later.reply.isForOperator
            && state == "pending" && attempts == 0 && !wasTried && !hasFailed
            && !isInOperatorsHands && !mayHaveEndedUnsent && reply.notBefore == nil
    }

    var mayHaveEndedUnsent: Bool {
        cancelledAt != nil || deletedAt != nil || mayBeRead || state == "skipped"
            || state == "failed"
    }
}
