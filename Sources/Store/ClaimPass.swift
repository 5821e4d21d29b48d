internal import Delivery
internal import SQLite

/// One claim: goes through the lines, turn by turn, and offers mails to the rules until enough are
/// claimed.
///
/// A mail that is offered and not claimed (read, behind another, too early) is replaced by the next one
/// in the same transaction. At most ``mostOffers`` are looked at beyond those that are claimed, since
/// the write lock is held meanwhile.
final class ClaimPass {
    let store: SQLiteStore
    let request: ClaimRequest
    let reader: CandidateReader
    private let decide: (Candidate) -> ClaimDecision
    private var instant: LineRotation
    private var first: LineRotation
    private var retry: LineRotation
    var parked: Set<Int64> = []
    /// Lines whose helpdesk could be read.
    private var readable: Set<Int64> = []
    private var offers = 0
    private var octets = 0
    /// The sender for which the mail that was offered last must wait.
    private(set) var refusedSender: String?
    /// ``Connection/steps`` when the claim began.
    private let stepsBefore: Int
    /// A mail waits behind another, of whatever helpdesk; nil until it is asked.
    private var isAnybodyBehind: Bool?
    /// The lock was held for long enough: what is left is for the next claim.
    private var hasTakenLong = false
    var batch = ClaimedBatch()

    /// Mails looked at in vain: some 15 ms.
    static let mostOffers = 2_000

    init(
        _ store: SQLiteStore, _ request: ClaimRequest,
        decide: @escaping (Candidate) -> ClaimDecision
    ) throws {
        self.store = store
        self.request = request
        self.decide = decide
        stepsBefore = store.connection.steps
        reader = try CandidateReader(store, now: request.now, withText: true)
        instant = LineRotation(.instant, connection: store.connection, request: request)
        first = LineRotation(.first, connection: store.connection, request: request)
        retry = LineRotation(.retry, connection: store.connection, request: request)
    }

    func run() throws -> ClaimedBatch {
        // Only turns look among the fresh mails.
        if request.rows != nil || request.isRelayProbe { try store.writeAllFresh() }
        if try store.isEverythingHeld(but: request.ignoredPauses) {
            batch.unseen = request.rows ?? []
            return batch
        }
        try store.lines.releaseFaults(at: request.now)
        if store.lineRest.end(at: request.now) <= request.now {
            try store.lines.releaseRested(at: request.now)
        }
        if let rows = request.rows {
            try take(rows)
        } else if request.isRelayProbe {
            try probeRelay()
        } else {
            try fill(request.limit, instant: true, behind: true)
            try fill(request.urgent, instant: true, behind: false)
            try fill(request.behind, instant: false, behind: true)
            try store.writeAllFresh()
            for mail in try store.senderProbes(request, blocked: reader.blockedSenders) {
                try offer(mail, isSenderProbe: true)
            }
        }
        try recount()
        return batch
    }

    // MARK: Turns

    /// - Parameters:
    ///   - takesInstant: Instant mails may be among them.
    ///   - takesBehind: First attempts and retries may be among them.
    private func fill(
        _ count: Int, instant takesInstant: Bool, behind takesBehind: Bool
    ) throws {
        guard count > 0 else { return }
        let limit = batch.claims.count + count
        while batch.claims.count < limit {
            guard mayGoOn else { return }
            let turn = store.turns.next(
                instant: try takesInstant && !instant.isEmpty(),
                first: try takesBehind && !first.isEmpty(),
                retry: try takesBehind && !retry.isEmpty())
            guard let turn else {
                if takesInstant, takesBehind { store.leftInLine = 0 }
                return
            }
            let next =
                switch turn {
                case .instant: try nextMail(&instant, limit: limit)
                case .first: try nextMail(&first, limit: limit)
                case .retry: try nextMail(&retry, limit: limit)
                }
            if let (mail, fresh) = next { try offer(mail, fresh: fresh) }
        }
    }

    /// The lock was not held for long so far.
    var mayGoOn: Bool {
        offers - batch.claims.count < Self.mostOffers && octets < OutboxLimits.batch
            && !hasTakenLong
    }

    /// The next mail of the line whose turn it is; nil if that line has none, or was parked.
    private func nextMail(
        _ lines: inout LineRotation, limit: Int
    ) throws -> (mail: WaitingMail, fresh: FreshMail?)? {
        guard let line = try lines.popFirst(), !parked.contains(line.line.id) else { return nil }
        let beside = lines.count + 1
        // Those that were looked at in vain are replaced by as many more.
        let wanted = limit - batch.claims.count + offers - batch.claims.count
        let portion = max(1, min(256, (wanted + beside - 1) / beside))
        guard let next = try next(of: line, portion) else { return nil }
        line.lastTurn = offers + 1
        lines.append(line)
        return next
    }

    private func next(
        of line: LineCursor, _ portion: Int
    ) throws -> (mail: WaitingMail, fresh: FreshMail?)? {
        let waiting = try line.first(portion)
        if let fresh = store.fresh.first(line.line.id, line.turn),
            waiting.map(fresh.waiting.isBefore) ?? true
        {
            store.fresh.take(fresh)
            return (fresh.waiting, fresh)
        }
        guard let mail = try line.next(portionSize: portion) else { return nil }
        store.leftInLine = max(0, store.leftInLine - 1)
        return (mail, nil)
    }

    /// The relay is in trouble and one mail is to try it: of the first in the lines, the one that has
    /// not tried it for longest.
    ///
    /// If mails are accused, every second try takes the last that fell due instead: those beside the
    /// accused ones are more likely to be of their kind.
    private func probeRelay() throws {
        var mails = takesNewcomersOnly ? [] : try probes()
        if let newcomers = request.newcomers {
            mails += try store.due(newcomers, at: request.now)
        }
        for mail in mails
        where batch.claims.isEmpty && !hasTakenLong && !parked.contains(mail.line) {
            try offer(mail)
        }
    }

    /// Nobody in particular is accused: all that was there before is suspect.
    var takesNewcomersOnly: Bool {
        request.newcomers != nil && request.innocentOf == nil
    }

    private func probes() throws -> [WaitingMail] {
        var mails = try lastInnocentMails() ?? firstMails(&instant)
        if mails.count < 64 { mails += try firstMails(&first) }
        if mails.count < 64 { mails += try firstMails(&retry) }
        if !takesLast { mails.sort { $0.isProbeBefore($1) } }
        return mails
    }

    private var takesLast: Bool {
        request.innocentOf.map { $0.isOfMails && $0.mails.count.isMultiple(of: 2) } ?? false
    }

    /// The last innocent mails of the first lines of each class, those of instant mails first; nil if the
    /// first ones are to be taken.
    private func lastInnocentMails() throws -> [WaitingMail]? {
        guard takesLast else { return nil }
        var mails: [WaitingMail] = []
        for turn in TurnClass.allCases {
            var lines = LineRotation(turn, connection: store.connection, request: request)
            for _ in 0..<16 {
                guard let line = try lines.popFirst() else { break }
                mails += try line.latest(8 + accusedCount).filter(isInnocent)
            }
        }
        return mails
    }

    /// So many accused mails may stand before the innocent ones of a line, or behind them.
    private var accusedCount: Int { request.innocentOf?.accusedMails.count ?? 0 }

    private func firstMails(_ lines: inout LineRotation) throws -> [WaitingMail] {
        var mails: [WaitingMail] = []
        var found = 0
        // Lines of an accused sender are passed over, however many there are.
        for _ in 0..<Self.mostOffers where found < 16 {
            guard let line = try lines.popFirst() else { break }
            let before = mails.count
            for _ in 0..<8 + accusedCount {
                guard mails.count < before + 8, let mail = try line.next(portionSize: 8) else {
                    break
                }
                line.lastTurn = 1
                if try isInnocent(mail) { mails.append(mail) }
            }
            found += mails.count > before ? 1 : 0
        }
        return mails
    }

    func isInnocent(_ mail: WaitingMail) throws -> Bool {
        guard let accusation = request.innocentOf else { return true }
        return try store.isInnocent(mail, of: accusation)
    }

    /// Lines that were read announce their next mail, and those that had a turn stand behind the others.
    private func recount() throws {
        let read = instant.read + first.read + retry.read
        for cursor in read.sorted(by: { $0.lastTurn < $1.lastTurn }) {
            if cursor.line.hasFailed, readable.contains(cursor.line.id) {
                try store.lines.faultIsOver(cursor.line.id)
            }
            let hadTurn = cursor.turn == .instant && cursor.lastTurn > 0
            try store.lines.recount(
                cursor.line.id, turn: hadTurn ? store.nextTurnNumber(request.now) : nil)
        }
    }

    // MARK: Offers

    /// - Parameter fresh: The mail is not written down yet.
    func offer(_ mail: WaitingMail, isSenderProbe: Bool = false, fresh: FreshMail? = nil) throws {
        offers += 1
        refusedSender = nil
        if mail.faults > 0, store.faultyRest.end(at: request.now) > request.now {
            return try postpone(mail)
        }
        let claimed = batch.claims.count
        let limit = StatementLimit.limit(failures: mail.faults)
        let start = store.connection.progress
        // A repetition takes the row in by itself, and knows no mail of it.
        let subject: Isolation.Subject = fresh.map { .row($0.row.id) } ?? .mail(mail.id)
        let fault = try store.isolated(subject) {
            try store.connection.withLimit(limit) {
                try place(mail, fresh, isSenderProbe: isSenderProbe)
            }
        }
        if let fault {
            batch.claims.removeSubrange(claimed...)
            try setAside(mail, fault)
        }
        // A statement that was ended is not run again when the batch is repeated.
        if fault.map(Isolation.isOverdue) ?? false {
            try rest(mail, after: limit)
        } else if let took = LineRest.long(from: start, to: store.connection.progress) {
            try rest(mail, after: took)
        }
        hasTakenLong =
            hasTakenLong || LineRest.isLong(store.connection.steps - stepsBefore)
        octets += batch.claims[claimed...].reduce(0) { $0 + $1.octets }
    }

    /// Offers the mail to the rules, unless a pause or another mail stands before it.
    ///
    /// A fresh mail that is sent is written down as being sent; in any other case as waiting, as if it had been so
    /// before.
    private func place(_ mail: WaitingMail, _ fresh: FreshMail?, isSenderProbe: Bool) throws {
        let helpdesk = try helpdesk(of: mail)
        if let park = try pause(of: mail.key.helpdeskID, helpdesk) {
            if let fresh { try store.write(fresh) }
            return try follow(park, mail)
        }
        if try !mail.isAlone && store.isBehindAnother(mail) {
            isAnybodyBehind = true
            return try store.mails.setAside(mail.id, .behind)
        }
        let candidate = try reader.candidate(
            mail, helpdesk, isSenderProbe: isSenderProbe, fresh: fresh?.row)
        try store.forgetRows(of: candidate, at: request.now)
        let decision = decide(candidate)
        if let fresh, !decision.isSending { try store.write(fresh) }
        try follow(decision, candidate, mail, fresh)
    }

    private func helpdesk(of mail: WaitingMail) throws -> HelpdeskRecord {
        do {
            let helpdesk = try reader.helpdesk(mail.key.helpdeskID)
            readable.insert(mail.line)
            return helpdesk
        } catch let error as SQLiteError where error.isAboutTheStatement {
            throw HelpdeskFault(cause: error)
        }
    }

    private func follow(_ park: Line.Park, _ mail: WaitingMail) throws {
        if park == .pausedByHelpdesk {
            // Time in which it is paused ages nothing; see `PauseHistory`.
            try store.record(.paused, helpdesk: mail.key.helpdeskID, by: .api, at: request.now)
        }
        try parkLine(mail.line, park)
    }

    /// Nearly never is there any, so it is asked once.
    private func mayAnybodyBeBehind() throws -> Bool {
        if let known = isAnybodyBehind { return known }
        let isAnybodyBehind = try store.isAnybodyBehind()
        self.isAnybodyBehind = isAnybodyBehind
        return isAnybodyBehind
    }

    private func follow(
        _ decision: ClaimDecision, _ candidate: Candidate, _ mail: WaitingMail, _ fresh: FreshMail?
    ) throws {
        try store.skip(decision.skipped, at: request.now)
        if decision.skipped.contains(where: { $0.reason == .read }) { store.expectsRead = true }
        switch decision.step {
        case .send(let rows, let sender, let messageID):
            batch.claims.append(
                try store.claim(
                    candidate, mail, rows: rows, sender: sender, messageID: messageID,
                    request: request, reader: reader, fresh: fresh))
        case .wait(let until):
            try store.putInLine(mail.id, mail.line, turn(of: mail, candidate), dueAt: until)
        case .waitForSender(let address):
            refusedSender = address
            try parkLine(mail.line, .sender, sender: address)
        case .finish:
            // More rows than were read: the rest is looked at next time.
            guard !candidate.hasMoreRows else { break }
            var closing = Closing(candidate, skipped: decision.skipped)
            closing.mayHaveOthersBehind = try mayAnybodyBeBehind()
            try store.close(mail.id, key: mail.key, closing)
        }
        batch.skipped += try store.placed(decision.skipped, of: candidate)
    }

    /// Which turns a mail takes that has to wait.
    ///
    /// `drain --now` takes all but retries before their time: what waits in spite of it (its rows have a `not_before`)
    /// would be taken again at once, without end.
    private func turn(of mail: WaitingMail, _ candidate: Candidate) -> TurnClass {
        if request.ignoresHold { return .retry }
        return candidate.attempts == 0 && mail.turn == .instant ? .first : mail.turn
    }

    /// The mail took so much of the store's time that the rest of its line waits, and the other lines go on.
    ///
    /// One that has failed before keeps only those back that have, too.
    private func rest(_ mail: WaitingMail, after took: Duration) throws {
        hasTakenLong = true
        guard mail.faults == 0 else {
            return store.faultyRest.begin(after: took, at: request.now)
        }
        store.lineRest.begin(after: took, at: request.now)
        parked.insert(mail.line)
        try store.lines.rest(mail.line, until: store.lineRest.end(at: request.now))
    }

    /// A statement about the mail has failed before, and another such mail has just taken long.
    private func postpone(_ mail: WaitingMail) throws {
        let backoff = request.now + StatementBackoff.delay(failures: mail.faults)
        try store.putInLine(
            mail.id, mail.line, mail.turn,
            dueAt: max(backoff, store.faultyRest.end(at: request.now)))
    }

    private func parkLine(_ line: Int64, _ park: Line.Park, sender: String? = nil) throws {
        if parked.insert(line).inserted { batch.parked += 1 }
        try store.lines.park(line, park, sender: sender)
    }

    private func pause(of id: String, _ helpdesk: HelpdeskRecord) throws -> Line.Park? {
        if helpdesk.isPaused, !id.isEmpty { return .pausedByHelpdesk }
        guard !request.ignoredPauses.contains(id), try reader.isPausedByOperator(id) else {
            return nil
        }
        return .pausedByOperator
    }

    /// A statement failed for this mail: it waits, and the others go on.
    private func setAside(_ mail: WaitingMail, _ fault: any Error) throws {
        if let fault = fault as? HelpdeskFault {
            parked.insert(mail.line)
            let (until, isNew) = try store.lines.parkForFault(
                mail.line, text: faultText(fault), at: request.now)
            batch.faults.append(
                StatementFault(
                    subject: .helpdesk(mail.key.helpdeskID), text: faultText(fault),
                    retryAt: until, isNew: isNew))
            return
        }
        batch.faults.append(try store.setAside(mail, fault, at: request.now))
    }
}

/// `helpdesks` can't be read for one helpdesk; its mails share the fault.
struct HelpdeskFault: Error {
    var cause: SQLiteError
}
