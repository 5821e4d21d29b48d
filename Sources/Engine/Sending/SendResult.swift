internal import Delivery
internal import Store

/// What came of an ``OutgoingMail``.
struct SendResult: Sendable {
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
    var mail: OutgoingMail
    var end: End
    var slot: InFlightJournal.Slot?
    var at: WallTime
    var delays = Delays()
    /// The relay, as `host[ip]:port`.
    var relay: String?
    /// People have been told of it when it came.
    var isTold = false
}
