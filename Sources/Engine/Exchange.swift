internal import Delivery
internal import Service
internal import Store
internal import Synchronization

/// What the storing and the sending thread hand each other.
///
/// Neither waits for the other: each is woken and takes what is there.
final class Exchange: Sendable {
    private struct State {
        var outgoing: [OutgoingMail] = []
        var results: [SendResult] = []
        var relay: [RelayStatus] = []
        var demand = Demand()
        var isRecordable = true
        var stopBy: SteadyTime?
        var senderIsDone = false
        var senderWantsSlot = false
    }

    /// What the sending thread could take now.
    struct Demand: Equatable {
        var mails = 0
        /// Instant mails beyond those.
        var urgent = 0
        /// Mails of the other classes beyond those.
        var behind = 0
        /// The relay is in trouble and one mail is wanted to try it.
        var isProbe = false
        /// The relay is down and no probe is due: nothing will be sent for now.
        var isDown = false
    }

    private let state = Mutex(State())
    let forStore: EventFD
    let forSender: EventFD

    init() throws(SystemError) {
        forStore = try EventFD()
        forSender = try EventFD()
    }

    // MARK: The storing thread's

    func send(_ mails: [OutgoingMail]) {
        guard !mails.isEmpty else { return }
        state.withLock { state in
            state.outgoing += mails
            state.demand.mails -= mails.count
            state.demand.urgent -= mails.count
            state.demand.behind -= mails.count
        }
        forSender.signal()
    }

    func takeResults() -> (results: [SendResult], relay: [RelayStatus]) {
        state.withLock { state in
            let taken = (state.results, state.relay)
            state.results = []
            state.relay = []
            return taken
        }
    }

    /// Slots are free again: the sender is woken if it waits for one.
    func slotsWereFreed() {
        let wakes = state.withLock { state in
            defer { state.senderWantsSlot = false }
            return state.senderWantsSlot
        }
        if wakes { forSender.signal() }
    }

    var isSlotWanted: Bool { state.withLock(\.senderWantsSlot) }
    var demand: Demand { state.withLock(\.demand) }
    var senderIsDone: Bool { state.withLock(\.senderIsDone) }

    /// What can't be recorded is not sent: while false, no dialogue begins.
    func setRecordable(_ isRecordable: Bool) {
        let changed = state.withLock { state in
            let before = state.isRecordable
            state.isRecordable = isRecordable
            return before != isRecordable
        }
        if changed { forSender.signal() }
    }

    // MARK: The sending thread's

    func takeOutgoing() -> [OutgoingMail] {
        state.withLock { state in
            let taken = state.outgoing
            state.outgoing = []
            return taken
        }
    }

    /// Hands results over and says what could be taken next.
    func deliver(_ results: [SendResult], relay: [RelayStatus], demand: Demand) {
        let wakes = state.withLock { state in
            // Mails that were sent over since the demand was computed count against it.
            var demand = demand
            demand.mails -= state.outgoing.count
            demand.urgent -= state.outgoing.count
            demand.behind -= state.outgoing.count
            let wakes =
                !results.isEmpty || !relay.isEmpty || state.demand.isDown != demand.isDown
                || state.demand.isProbe != demand.isProbe
                || (demand.mails > 0 && state.demand.mails <= 0)
            state.results += results
            state.relay += relay
            state.demand = demand
            return wakes
        }
        if wakes { forStore.signal() }
    }

    /// No slot is free: the next ``slotsWereFreed()`` wakes us.
    ///
    /// One may have become free before this is noted, so that it has to be looked for once more.
    func wantSlot() { state.withLock { $0.senderWantsSlot = true } }

    var isRecordable: Bool { state.withLock(\.isRecordable) }
    var stopBy: SteadyTime? { state.withLock(\.stopBy) }

    func senderIsThrough() {
        state.withLock { $0.senderIsDone = true }
        forStore.signal()
    }

    // MARK: Anybody's

    /// No dialogue begins any more; those under way may go on until then.
    ///
    /// The earliest call counts.
    func stop(by deadline: SteadyTime) {
        state.withLock { $0.stopBy = min($0.stopBy ?? deadline, deadline) }
        forSender.signal()
        forStore.signal()
    }
}
