internal import Crash
internal import Delivery
internal import SQLite

extension SQLiteStore {
    package func review(
        _ request: ReviewRequest, goesOn: () -> Bool, decide: (Candidate) -> ReviewDecision
    ) throws -> Reviewed {
        try withoutActuallyEscaping(goesOn) { goesOn in
            try withoutActuallyEscaping(decide) { decide in
                let pass = try ReviewPass(self, request, goesOn: goesOn, decide: decide)
                return try pass.run()
            }
        }
    }
}

/// One step of a review: lines that need not be parked any more, and waiting mails of which rows were
/// read, cancelled or made instant, or have waited for their sender for too long.
///
/// It reads without a lock, and writes what has changed in one transaction at the end. A mail that can't
/// be read is passed over: its claim tells of it.
final class ReviewPass {
    private let store: SQLiteStore
    private let request: ReviewRequest
    private let reader: CandidateReader
    private let goesOn: () -> Bool
    private let decide: (Candidate) -> ReviewDecision
    /// Mails that are due and in line won't be claimed soon.
    private let includesDue: Bool
    private var position: ReviewPosition
    private var linesSeen = 0
    private var mailsSeen = 0
    /// A view took long for a mail of this line: what is left is for the next step, so that mail goes out
    /// between the two.
    private var slow: (line: Int64, took: Duration)?
    private var unparked: [Line] = []
    private var recounted: [Int64] = []
    private var sooner: [(id: Int64, notBefore: WallTime)] = []
    private var changes: [(mail: WaitingMail, candidate: Candidate, decision: ReviewDecision)] = []

    /// Lines looked at in one step; most have no mail that the step has to look at.
    private static let mostLines = 200
    /// Mails from question to question: some 0.1 ms, or 1 ms where their rows are read from the disk.
    private static let mailsAtOnce = 4

    init(
        _ store: SQLiteStore, _ request: ReviewRequest, goesOn: @escaping () -> Bool,
        decide: @escaping (Candidate) -> ReviewDecision
    ) throws {
        try store.columns.refresh()
        self.store = store
        self.request = request
        self.goesOn = goesOn
        self.decide = decide
        position = request.after ?? ReviewPosition()
        includesDue = try request.includesDue || store.isEverythingHeld(but: [])
        reader = try CandidateReader(store, now: request.now, withText: false)
    }

    func run() throws -> Reviewed {
        var isAtEnd = false
        repeat {
            isAtEnd = try step()
        } while !isAtEnd && slow == nil && mailsSeen < request.limit && linesSeen < Self.mostLines
            && goesOn()
        let none = Reviewed(
            skipped: [], position: isAtEnd ? nil : position, tookLong: slow != nil, released: 0)
        var result = none
        guard
            !changes.isEmpty || !unparked.isEmpty || !recounted.isEmpty || !sooner.isEmpty
                || slow != nil
        else {
            return none
        }
        try store.inTransaction {
            result = none
            try apply(&result)
            CrashPoint.reviewWritten.pass(if: !changes.isEmpty)
        }
        return result
    }

    // MARK: Looking

    /// - Returns: true at the end of the pass.
    private func step() throws -> Bool {
        switch position.part {
        case .parkedLines:
            try reviewParkedLines()
            return request.onlyParkedLines && position.part != .parkedLines
        case .linesOfMails: try reviewLine()
        case .mailsBehind: try reviewBehind()
        case .putOff: return try reviewPutOff()
        }
        return false
    }

    private func reviewParkedLines() throws {
        let size = Self.mostLines - linesSeen
        let lines = try store.connection.statement(
            """
            SELECT \(Line.columns) FROM outboxd_lines
            WHERE parked > 0 AND id > ? ORDER BY id LIMIT ?
            """
        ).bind(position.line).bind(size).all { Line($0) }
        for line in lines {
            let start = store.connection.progress
            if try isOpen(line) { unparked.append(line) }
            linesSeen += 1
            position.line = line.id
            if noteLong(line.id, line.helpdeskID, since: start) { return }
        }
        guard lines.count < size else { return }
        position.part = .linesOfMails
        position.line = 0
        try beginLine()
    }

    /// Whether what the line is parked for is over.
    private func isOpen(_ line: Line) throws -> Bool {
        do {
            return try store.connection.withLimit(StatementLimit.first) {
                switch line.park {
                case .none: true
                case .fault: false  // Tried again by the claim, at its time.
                case .pausedByOperator: try !reader.isPausedByOperator(line.helpdeskID)
                case .pausedByHelpdesk: try !reader.helpdesk(line.helpdeskID).isPaused
                case .sender: try hasSender(line)
                }
            }
        } catch  where Isolation.isOfOne(error) {
            return false  // It stays parked; the claim tells of the fault once it is in line again.
        }
    }

    /// The first mail of the line stands for all: they have one sender.
    private func hasSender(_ line: Line) throws -> Bool {
        for turn in TurnClass.allCases {
            guard let mail = try mails(line.id, turn, after: nil, limit: 1).first else { continue }
            let decision = decide(try candidate(mail))
            // The helpdesk may write from another address now: that one's record decides.
            let isBlocked = decision.sender.map(reader.blockedSenders.contains) ?? false
            return decision.hasSender && !isBlocked
        }
        return true
    }

    /// Goes to the next line, if there is one; those that rest are left alone.
    private func beginLine() throws {
        let next = try store.connection.statement(
            """
            SELECT id FROM outboxd_lines WHERE id > ?
                AND (instant_due IS NOT NULL OR first_due IS NOT NULL OR retry_due IS NOT NULL)
                AND NOT (parked = \(park: .fault) AND troubles = 0)
            ORDER BY id LIMIT 1
            """
        ).bind(position.line).first { $0.int(0) }
        position.turn = .instant
        position.mail = nil
        if let next {
            position.line = next
        } else {
            position.part = .mailsBehind
        }
    }

    /// The mails of one class in one line; those that are due and will be claimed soon are left out.
    private func reviewLine() throws {
        let size = portion
        let found = try mails(
            position.line, position.turn, after: try position.mail ?? start(), limit: size)
        let done = try look(at: found)
        if let last = done.last { position.mail = (last.dueAt.milliseconds, last.id) }
        guard found.count < size, done.count == found.count else { return }
        position.mail = nil
        if let next = TurnClass(rawValue: position.turn.rawValue + 1) {
            position.turn = next
        } else {
            linesSeen += 1
            recounted.append(position.line)
            try beginLine()
        }
    }

    private var portion: Int { min(request.limit - mailsSeen, Self.mailsAtOnce) }

    private func start() throws -> (dueAt: Int64, id: Int64)? {
        guard !includesDue else { return nil }
        let line = try store.connection.statement(
            "SELECT parked > 0, helpdesk_id FROM outboxd_lines WHERE id = ?"
        ).bind(position.line).first { ($0.bool(0), $0.text(1)) }
        let begins = (dueAt: request.now.milliseconds, id: Int64.max)
        guard let (isParked, helpdeskID) = line else { return begins }
        return try isParked || isPaused(helpdeskID) ? nil : begins
    }

    /// As far as a drain asks.
    private func isPaused(_ helpdeskID: String) throws -> Bool {
        guard request.looksForPauses, !position.passedOver.contains(helpdeskID) else {
            return false
        }
        do {
            return try store.connection.withLimit(StatementLimit.first) {
                try reader.helpdesk(helpdeskID).isPaused
            }
        } catch  where Isolation.isOfOne(error) {
            // One look is enough; its claim meets the same, notes it and tells of it.
            position.passedOver.insert(helpdeskID)
            return false
        }
    }

    private static let standing = StandingMails { WaitingMail($0) }

    private func mails(
        _ line: Int64, _ turn: TurnClass, after: StandingMails.Place?, limit: Int
    ) throws -> [WaitingMail] {
        try Self.standing.portion(
            store.connection, line: line, turn, behind: after, limit: limit)
    }

    private func reviewBehind() throws {
        let size = portion
        let found = try store.connection.statement(
            """
            SELECT \(WaitingMail.columns) FROM outboxd_mails INDEXED BY outboxd_mails_aside
            WHERE phase = \(phase: .waiting) AND wait > 0 AND wait = \(wait: .behind) AND id > ? ORDER BY id LIMIT ?
            """
        ).bind(position.behind).bind(size).all(WaitingMail.init)
        let done = try look(at: found)
        position.behind = done.last?.id ?? position.behind
        if found.count < size, done.count == found.count { position.part = .putOff }
    }

    /// Rows whose `not_before` the API server has moved to sooner.
    ///
    /// - Returns: true at the end.
    private func reviewPutOff() throws -> Bool {
        let notBefore = store.columns.sql("not_before", of: Schema.outbox, "o")
        let size = request.limit - mailsSeen
        let found = try store.connection.statement(
            """
            SELECT u.id, u.retry_at, max(coalesce(\(notBefore), 0), ?)
            FROM outboxd_unread u JOIN outbox o ON o.id = u.id
            WHERE u.id > ? AND u.troubles = 0 ORDER BY u.id LIMIT ?
            """
        ).bind(request.now.milliseconds).bind(position.putOff).bind(size)
            .all { (id: $0.int(0), until: $0.time(1), notBefore: $0.time(2)) }
        mailsSeen += found.count
        sooner += found.filter { $0.notBefore < $0.until }.map { ($0.id, $0.notBefore) }
        position.putOff = found.last?.id ?? position.putOff
        return found.count < size
    }

    /// Looks at mails until one takes long (``LineRest``): the rest of its helpdesk is passed over.
    /// - Returns: the mails that are done with.
    private func look(at mails: [WaitingMail]) throws -> ArraySlice<WaitingMail> {
        for (index, mail) in mails.enumerated() {
            mailsSeen += 1
            // Its claim looks at it, at its time.
            guard mail.faults == 0 else { continue }
            guard !position.passedOver.contains(mail.key.helpdeskID) else { continue }
            let start = store.connection.progress
            try look(at: mail)
            if noteLong(mail.line, mail.key.helpdeskID, since: start) {
                return mails[...index]
            }
        }
        return mails[...]
    }

    private func noteLong(
        _ line: Int64, _ helpdeskID: String, since start: Connection.Progress
    ) -> Bool {
        guard let took = LineRest.long(from: start, to: store.connection.progress) else {
            return false
        }
        position.passedOver.insert(helpdeskID)
        slow = (line, took)
        return true
    }

    private func look(at mail: WaitingMail) throws {
        do {
            let candidate = try candidate(mail)
            let decision = decide(candidate)
            if decision.isChange || candidate.rows.isEmpty || !candidate.replaced.isEmpty {
                changes.append((mail, candidate, decision))
            }
        } catch  where Isolation.isOfOne(error) {
            // Its claim meets the same, notes it and tells of it.
        }
    }

    private func candidate(_ mail: WaitingMail) throws -> Candidate {
        try store.connection.withLimit(StatementLimit.first) {
            try reader.candidate(mail, reader.helpdesk(mail.key.helpdeskID))
        }
    }

    // MARK: Writing

    private func apply(_ result: inout Reviewed) throws {
        for line in unparked {
            if line.park == .pausedByHelpdesk {
                try store.record(.resumed, helpdesk: line.helpdeskID, by: .api, at: request.now)
            }
            try store.connection.statement(
                "UPDATE outboxd_lines SET parked = \(park: .none), sender = NULL WHERE id = ? AND parked = ?"
            ).bind(line.id).bind(line.park.rawValue).run()
            result.released += try store.hasMails(line.id) ? 1 : 0
        }
        for change in changes {
            var own = Reviewed(skipped: [], released: 0)
            let fault = try store.isolated(.mail(change.mail.id)) {
                own = Reviewed(skipped: [], released: 0)
                try apply(change.decision, change.candidate, to: change.mail, &own)
            }
            guard fault == nil else { continue }  // Its claim tells of it.
            result.skipped += own.skipped
            result.expired += own.expired
            result.released += own.released
        }
        for line in recounted { try store.lines.recount(line) }
        for row in sooner {
            try store.connection.statement(
                "UPDATE outboxd_unread SET retry_at = ? WHERE id = ? AND troubles = 0"
            ).bind(row.notBefore.milliseconds).bind(row.id).run()
        }
        if let slow {
            store.lineRest.begin(after: slow.took, at: request.now)
            try store.lines.rest(slow.line, until: store.lineRest.end(at: request.now))
        }
    }

    private func apply(
        _ decision: ReviewDecision, _ candidate: Candidate, to mail: WaitingMail,
        _ result: inout Reviewed
    ) throws {
        let stillWaits = try store.connection.statement(
            "SELECT 1 FROM outboxd_mails WHERE id = ? AND phase = \(phase: .waiting) AND wait = ?"
        ).bind(mail.id).bind(mail.wait).first { _ in true }
        guard stillWaits == true else { return }
        try store.skip(decision.skipped, at: request.now)
        for id in decision.expired { try store.rows.failWaiting(id, at: request.now) }
        try store.forgetRows(of: candidate, at: request.now)
        result.skipped = try store.placed(decision.skipped, of: candidate)
        result.expired = decision.expired
        guard try store.hasOpenRows(mail.id) else {
            return try store.close(mail.id, key: mail.key)
        }
        guard let dueAt = decision.dueAt else { return }
        result.released = 1
        if mail.wait == Wait.inLine.rawValue {
            try store.putInLine(
                mail.id, mail.line, decision.isInstant ? .instant : mail.turn, dueAt: dueAt)
        } else {
            try store.mails.setDueAt(mail.id, dueAt)
        }
    }
}
