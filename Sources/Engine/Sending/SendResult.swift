internal import Delivery
internal import Store

/// What came of an ``OutgoingMail``.
///
/// A class, since it goes from hand to hand, and a copy of a value would retain each of its strings.
final class SendResult: Sendable {
    enum End: Sendable {
        case verdict(Verdict)
        /// It was not begun: we stop, or the relay is in trouble.
        case unused
        /// It was not begun: it has a part in what the relay is taken for down for.
        case accused
        /// Its content was not sent: something was read, cancelled or deleted meanwhile.
        case changed
        /// Its content was not sent: it was paused meanwhile, by an operator or the API server.
        case paused
        /// Its content was not sent: its address was suppressed meanwhile.
        case suppressed
        /// Its content was not sent: the check before it failed.
        ///
        /// With an error that is about the statement it is this mail's fault, else the store's.
        case storeFault(any StoreFailure)
        /// Another process has taken it over.
        case lost
    }
    let mail: OutgoingMail
    let end: End
    let slot: InFlightJournal.Slot?
    let at: WallTime
    let delays: Delays
    /// The relay, as `host[ip]:port`.
    let relay: String?
    /// People have been told of it when it came.
    let isTold: Bool

    init(
        mail: OutgoingMail, end: End, slot: InFlightJournal.Slot? = nil, at: WallTime,
        delays: Delays = Delays(), relay: String? = nil, isTold: Bool = false
    ) {
        self.mail = mail
        self.end = end
        self.slot = slot
        self.at = at
        self.delays = delays
        self.relay = relay
        self.isTold = isTold
    }

    /// The same with another end; its slot is free.
    func withoutSlot(_ end: End? = nil, isTold: Bool = false) -> SendResult {
        SendResult(
            mail: mail, end: end ?? self.end, at: at, delays: delays, relay: relay, isTold: isTold)
    }

    /// The same without the mail's content, which counts as no octets any more.
    var emptied: SendResult {
        SendResult(
            mail: mail.emptied(countedAs: 0), end: end, slot: slot, at: at, delays: delays,
            relay: relay, isTold: isTold)
    }
}
