internal import Delivery
internal import Store

/// The rows that a drain is to send and no others: where each of them stands, and which is claimed next.
///
/// Rows are told apart by their ids, since mails are split and merged. Each is looked at (``file(_:at:)``)
/// when the drain begins, when its time comes, and when something has happened to its mail; what is done
/// about it follows from where it stands:
///
/// | it stands | then |
/// |---|---|
/// | not ingested | the rest of the new rows is ingested first, then it is looked at again |
/// | put off until a time, or not due yet | it waits until then |
/// | in line and due | it is ready: claimed in its turn (``TurnQueue``) |
/// | the same, was not claimed, and its helpdesk's line is parked | blocked: it waits for a pause or its sender |
/// | behind another mail of its conversation | looked at again when a mail of ours has ended |
/// | under way in another process | looked at again after a second |
/// | uncertain, failed, sent, skipped, gone | no more |
struct Picks {
    private enum State {
        case unknown, awaited, ready, waiting, behind, blocked, failed, underWay, through
    }

    let ignoresHold: Bool
    private var states: [Int64: State]
    /// To be looked at.
    private var unknown = Fifo<Int64>()
    /// Handed in to be claimed, and not claimed.
    private var left: [Int64] = []
    /// Not ingested when they were looked at.
    private var awaited: [Int64] = []
    /// Those that were awaited once and are still not ingested are not there.
    private var wereAwaited: Set<Int64> = []
    private var ready = TurnQueue<Int64>()
    /// Of those that are ready, the helpdesk.
    private var helpdesks: [Int64: String] = [:]
    private(set) var readyByHelpdesk: [String: Int] = [:]
    var readyCount: Int { helpdesks.count }
    /// Those that were handed in last, with their helpdesks.
    private var taken: [Int64: String] = [:]
    private var waiting = Schedule()
    private var behind: Set<Int64> = []
    private var blocked: Set<Int64> = []
    private var failed: Set<Int64> = []
    private var mayBeReleased = false
    /// Rows that wait for a retry, or for another process.
    private var deferred: Set<Int64> = []
    /// Mails that are or were ready: for the progress.
    private(set) var mails: Set<Int64> = []

    /// How long a mail of another process is left alone.
    private static let elsewhere: Duration = .seconds(1)

    init(_ rows: some Sequence<Int64>, ignoresHold: Bool = false) {
        self.ignoresHold = ignoresHold
        states = [:]
        for row in rows where states.updateValue(.unknown, forKey: row) == nil {
            unknown.append(row)
        }
    }

    func isChosen(_ row: Int64) -> Bool { states[row] != nil }

    // MARK: Looking

    /// Where each row stands is known.
    var isKnown: Bool { unknown.isEmpty && awaited.isEmpty && left.isEmpty }
    var hasAwaited: Bool { !awaited.isEmpty }
    var hasReady: Bool { readyCount > 0 }
    /// Of some that waited the time has come: they have to be looked at again.
    func hasWoken(at now: WallTime) -> Bool { waiting.nextAt.map { $0 <= now } ?? false }
    /// Something waits for another attempt.
    var hasDeferred: Bool { !deferred.isEmpty || !behind.isEmpty }

    /// The next rows to be looked at.
    mutating func takeUnknown(_ count: Int) -> [Int64] {
        var rows: [Int64] = []
        while rows.count < count, let row = unknown.popFirst() {
            if states[row] == .unknown { rows.append(row) }
        }
        return rows
    }

    /// Rows that a claim has passed over: to be looked at as such.
    mutating func takeLeft() -> [Int64] {
        defer { left.removeAll() }
        return left.filter { states[$0] == .unknown }
    }

    /// They could not be looked at.
    mutating func giveBackUnknown(_ rows: [Int64]) {
        for row in rows { unknown.append(row) }
    }

    /// Some new rows have been ingested: these may be among them.
    mutating func lookAgainAtAwaited() {
        for row in awaited { lookAgain(row) }
        awaited.removeAll()
    }

    /// All new rows have been ingested, and these were not among them.
    mutating func takeAwaited() -> [Int64] {
        defer { awaited.removeAll() }
        wereAwaited.formUnion(awaited)
        for row in awaited { lookAgain(row) }
        return awaited
    }

    /// When the next one must be looked at.
    func nextAt(_ now: WallTime) -> WallTime? {
        hasReady || !isKnown ? now : waiting.nextAt
    }

    /// Those whose time has come are looked at again.
    mutating func wake(at now: WallTime) {
        while let row = waiting.pop(at: now) {
            if states[row] == .waiting { lookAgain(row) }
        }
    }

    private mutating func lookAgain(_ row: Int64) {
        deferred.remove(row)
        states[row] = .unknown
        unknown.append(row)
    }

    // MARK: Filing

    /// - Parameter wereOffered: They were handed in to be claimed, and were not.
    mutating func file(_ standings: [RowStanding], at now: WallTime, wereOffered: Bool = false) {
        for standing in standings { file(standing, at: now, wereOffered) }
    }

    private mutating func file(_ standing: RowStanding, at now: WallTime, _ wasOffered: Bool) {
        let row = standing.row
        guard let state = states[row], state != .underWay else { return }
        switch standing.place {
        case .notIngested:
            guard !wereAwaited.contains(row) else { return end(row) }
            states[row] = .awaited
            awaited.append(row)
        case .putOff(let until): wait(row, until: max(until, now), isDeferred: false)
        case .through, .uncertain: end(row)
        case .failed:
            states[row] = .failed
            failed.insert(row)
        case .behind:
            states[row] = .behind
            behind.insert(row)
        case .sending: wait(row, until: now + Self.elsewhere, isDeferred: true)
        case .inLine(let place): file(row, place, at: now, wasOffered)
        }
        if let mail = standing.mailID, states[row] == .ready { mails.insert(mail) }
    }

    private mutating func file(
        _ row: Int64, _ place: RowStanding.InLine, at now: WallTime, _ wasOffered: Bool
    ) {
        let isRetry = place.turn == .retry
        // One that was made instant is offered once for it.
        let dueAt = wasOffered ? place.dueAt : min(place.dueAt, place.instantAt ?? place.dueAt)
        guard dueAt <= now || ignoresHold && !isRetry else {
            return wait(row, until: dueAt, isDeferred: isRetry)
        }
        if wasOffered, place.isParked {
            if let until = place.restsUntil {
                return wait(row, until: max(until, now + .milliseconds(20)), isDeferred: true)
            }
            states[row] = .blocked
            blocked.insert(row)
            return
        }
        becomesReady(row, place.helpdeskID)
        ready.append(row, class: place.turn, helpdesk: place.helpdeskID)
    }

    private mutating func wait(_ row: Int64, until time: WallTime, isDeferred: Bool) {
        states[row] = .waiting
        if isDeferred { deferred.insert(row) }
        waiting.add(row, at: time)
    }

    private mutating func end(_ row: Int64) { states[row] = .through }

    private mutating func becomesReady(_ row: Int64, _ helpdesk: String) {
        states[row] = .ready
        helpdesks[row] = helpdesk
        readyByHelpdesk[helpdesk, default: 0] += 1
    }

    /// - Returns: its helpdesk.
    private mutating func isNotReady(_ row: Int64) -> String? {
        guard let helpdesk = helpdesks.removeValue(forKey: row) else { return nil }
        let left = (readyByHelpdesk[helpdesk] ?? 1) - 1
        readyByHelpdesk[helpdesk] = left > 0 ? left : nil
        return helpdesk
    }

    // MARK: Claiming

    /// The next rows to offer to a claim.
    mutating func take(_ count: Int) -> [Int64] {
        taken.removeAll(keepingCapacity: true)
        var rows: [Int64] = []
        while rows.count < count, let row = ready.popFirst() {
            // One that went out with another row of its mail is passed over.
            guard states[row] == .ready else { continue }
            taken[row] = isNotReady(row)
            states[row] = .unknown
            rows.append(row)
        }
        return rows
    }

    /// They are as they were, and the first to be taken again.
    mutating func giveBack(_ rows: [Int64]) {
        for row in rows where states[row] == .unknown {
            becomesReady(row, taken[row] ?? "")
            ready.giveBack(row)
        }
    }

    /// They were taken; those that are neither claimed nor given back are to be looked at.
    mutating func offered(_ rows: [Int64]) {
        left += rows.filter { states[$0] == .unknown }
    }

    /// All rows of a mail that was claimed, whether they were chosen or not.
    mutating func claimed(_ rows: [Int64]) {
        for row in rows {
            guard let state = states[row] else { continue }
            if state == .ready { _ = isNotReady(row) }
            behind.remove(row)
            blocked.remove(row)
            deferred.remove(row)
            states[row] = .underWay
        }
    }

    /// What became of a mail of ours is written down.
    mutating func ended(_ rows: [Int64]) {
        mayBeReleased = true
        for row in rows where states[row] == .underWay { lookAgain(row) }
    }

    /// Rows that had failed wait again, or a sender is accepted again.
    mutating func lookAgainAtFailed() {
        for row in failed.union(blocked) { lookAgain(row) }
        failed.removeAll()
        blocked.removeAll()
    }

    /// How many wait for their time, a pause or their sender.
    var waitingCount: Int { waiting.count + blocked.count }

    /// Somebody has changed something: what they wait for may be over, or come sooner.
    mutating func lookAgainAtWaiting() {
        while let row = waiting.pop(at: WallTime(milliseconds: .max)) {
            if states[row] == .waiting { lookAgain(row) }
        }
        for row in blocked { lookAgain(row) }
        blocked.removeAll()
    }

    /// Nothing is ready any more: those that were behind a mail of ours may be.
    /// - Returns: false if there is nothing to look at.
    mutating func lookAgainAtBehind() -> Bool {
        guard mayBeReleased, !behind.isEmpty else { return false }
        mayBeReleased = false
        for row in behind { lookAgain(row) }
        behind.removeAll()
        return true
    }
}
