internal import Delivery
internal import Service
internal import Store
internal import Synchronization

/// What the storing and the sending thread hand each other.
///
/// Neither waits for the other: each is woken and takes what is there.
final class HandOff: Sendable {
    private struct State {
        var outgoing: [OutgoingMail] = []
        var results: [SendResult] = []
        var relay: [RelayStatus] = []
        var demand = Demand()
        var isRecordable = true
        var isCommittingSlow = false
        var leaseUntil = SteadyTime(nanoseconds: 0)
        var stopBy: SteadyTime?
        var isSendingOver = false
        var sendingWantsSlot = false
        var pause: RelayPauseOrder?
        var isProbeWanted = false
        var changeForSending: SettingsChange?
        var changeForStoring: SettingsChange?
    }

    /// What the sending thread could take now.
    struct Demand: Equatable {
        var mails = 0
        /// How many fit in all: claimed in a round that is made anyway.
        var room = 0
        /// Instant mails beyond those.
        var urgent = 0
        /// Mails of the other classes beyond those.
        var behind = 0
        /// The relay is in trouble and one mail is wanted to try it.
        var isProbe = false
        /// The relay is down and no probe is due: nothing will be sent for now.
        var isDown = false
        /// On whose word alone it is down: mail that has no part in it is tried at once.
        var accusation: Accusation?
        /// Mail that came after the refusals for which it is down is tried at once, too.
        var newcomers: Newcomers?
        /// What the mails count for whose reply to the final dot is long overdue, in octets: the storing thread
        /// claims others although these are not through.
        var exemptOctets = 0
        /// These helpdesks' mails hold all the connections that they may hold: none of theirs is wanted.
        var crowded: Set<String> = []
    }

    private let state = Mutex(State())
    let forStoring: any Signal
    let forSending: any Signal

    init(forStoring: any Signal, forSending: any Signal) {
        self.forStoring = forStoring
        self.forSending = forSending
    }

    // MARK: The storing thread's

    func send(_ mails: [OutgoingMail]) {
        guard !mails.isEmpty else { return }
        state.withLock { state in
            state.outgoing += mails
            state.demand.mails -= mails.count
            state.demand.room -= mails.count
            state.demand.urgent -= mails.count
            state.demand.behind -= mails.count
        }
        forSending.signal()
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
            defer { state.sendingWantsSlot = false }
            return state.sendingWantsSlot
        }
        if wakes { forSending.signal() }
    }

    var isSlotWanted: Bool { state.withLock(\.sendingWantsSlot) }
    var demand: Demand { state.withLock(\.demand) }
    var isSendingOver: Bool { state.withLock(\.isSendingOver) }

    /// What can't be recorded is not sent: while false, no dialogue begins.
    func setRecordable(_ isRecordable: Bool) {
        let changed = state.withLock { state in
            let before = state.isRecordable
            state.isRecordable = isRecordable
            return before != isRecordable
        }
        if changed { forSending.signal() }
    }

    /// Commits take long, so that more mails are kept at hand.
    func setCommitting(isSlow: Bool) { state.withLock { $0.isCommittingSlow = isSlow } }

    /// The lease is committed until then; before the mails that were claimed under it are sent over.
    func leaseStands(until end: SteadyTime) {
        state.withLock { $0.leaseUntil = max($0.leaseUntil, end) }
    }

    /// The relay refuses mail for reasons of its own: no more is wanted for now.
    func pauseRelay(_ order: RelayPauseOrder) {
        state.withLock { state in
            let order = order.after(state.pause)
            state.pause = order
            state.demand = Demand(
                isDown: true, accusation: order.accusation,
                newcomers: Newcomers(after: order.mail))
        }
        forSending.signal()
    }

    /// An operator wants the relay to be tried now.
    func wantProbe() {
        state.withLock { $0.isProbeWanted = true }
        forSending.signal()
    }

    func takeSettings() -> EngineSettings? {
        state.withLock { state in
            defer { state.changeForStoring = nil }
            return state.changeForStoring?.settings
        }
    }

    // MARK: The sending thread's

    func takeChange() -> SettingsChange? {
        state.withLock { state in
            defer { state.changeForSending = nil }
            return state.changeForSending
        }
    }

    func takeProbe() -> Bool {
        state.withLock { state in
            defer { state.isProbeWanted = false }
            return state.isProbeWanted
        }
    }

    func takePause() -> RelayPauseOrder? {
        state.withLock { state in
            defer { state.pause = nil }
            return state.pause
        }
    }

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
            state.results += results
            state.relay += relay
            // Computed before the pause was known: it wants mail that can't go.
            guard state.pause == nil else { return !results.isEmpty || !relay.isEmpty }
            // Mails that were sent over since the demand was computed count against it.
            var demand = demand
            demand.mails -= state.outgoing.count
            demand.room -= state.outgoing.count
            demand.urgent -= state.outgoing.count
            demand.behind -= state.outgoing.count
            let wakes =
                !results.isEmpty || !relay.isEmpty || state.demand.isDown != demand.isDown
                || state.demand.isProbe != demand.isProbe
                || state.demand.accusation != demand.accusation
                || state.demand.newcomers != demand.newcomers
                || state.demand.crowded != demand.crowded
                || state.demand.exemptOctets < demand.exemptOctets
                || (demand.mails > 0 && state.demand.mails <= 0)
            state.demand = demand
            return wakes
        }
        if wakes { forStoring.signal() }
    }

    /// No slot is free: the next ``slotsWereFreed()`` wakes us.
    ///
    /// One may have become free before this is noted, so that it has to be looked for once more.
    func wantSlot() { state.withLock { $0.sendingWantsSlot = true } }

    var isRecordable: Bool { state.withLock(\.isRecordable) }
    var isCommittingSlow: Bool { state.withLock(\.isCommittingSlow) }
    var stopBy: SteadyTime? { state.withLock(\.stopBy) }

    /// No other process takes over the mails under way here before this time.
    var leaseUntil: SteadyTime { state.withLock(\.leaseUntil) }

    func noteSendingEnded() {
        state.withLock { $0.isSendingOver = true }
        forStoring.signal()
    }

    // MARK: Anybody's

    /// Other settings: each thread takes them over at its next turn.
    func change(_ change: SettingsChange) {
        state.withLock { state in
            state.changeForSending = change.after(state.changeForSending)
            state.changeForStoring = change
        }
        forSending.signal()
        forStoring.signal()
    }

    /// No dialogue begins any more; those under way may go on until then.
    ///
    /// The earliest call counts.
    func stop(by deadline: SteadyTime) {
        state.withLock { $0.stopBy = min($0.stopBy ?? deadline, deadline) }
        forSending.signal()
        forStoring.signal()
    }
}
