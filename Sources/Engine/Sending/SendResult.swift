internal import Delivery

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
