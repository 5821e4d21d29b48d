/// Why a waiting mail is not looked at when its time comes (`outboxd_mails.wait`).
///
/// Each kind leads the index of open work, so that ten thousand paused mails cost the others
/// nothing.
package enum Wait: Int64, Sendable {
    /// Only for its time: the hold, or the backoff after a temporary failure.
    case time = 0
    case paused = 1
    /// Its From address is refused by the relay, or there is no usable one.
    case sender = 2
    /// Held as uncertain until an operator says what became of it.
    case uncertain = 3
    /// Another mail of the same conversation and recipient must go first.
    case behind = 4
}
