internal import Delivery
internal import Store

/// What a drain would do now with the open mails of one conversation and recipient, decided by the rules of
/// the claim (``ClaimRules``) as if every mail that goes were accepted.
///
/// | a mail | then |
/// |---|---|
/// | is under way | it stays so, and the others wait for it |
/// | is held as uncertain | it stays so, and stands in nobody's way |
/// | holds no chosen row | it is left alone; one that is to be tried again goes first all the same |
/// | its helpdesk is paused by the API server | it waits |
/// | can't be read | it waits |
/// | is not due yet | it waits until then |
/// | is behind another | it waits for that one, unless that one goes |
/// | else | as ``ClaimRules/decide(_:)`` says; rows that there was no room for follow in another |
///
/// What waits is reviewed (``ClaimRules/review(_:)``) by a drain that is about all rows: what was read, cancelled or
/// suppressed is skipped, though its mail is paused.
///
/// A row that was cancelled waits for nothing, as `status` has it: until it is skipped it has no fate.
struct ConversationForecast {
    enum Fate: Equatable {
        /// In the mail with this number, counted from 0.
        case goes(mail: Int)
        case skipped(SkipReason)
        case waits(WaitReason, until: WallTime?)
        case underWay
    }
    let rules: ClaimRules
    let isChosen: (Int64) -> Bool
    /// The drain is about all rows.
    let reviews: Bool
    /// What becomes of each chosen mail's rows.
    private(set) var fates: [(row: Int64, fate: Fate)] = []
    private(set) var mailCount = 0

    private struct Open {
        var mail: QueuedMail
        /// Nothing more is decided about it; it still stands before others.
        var isSettled = false
        var isOver = false
    }
    private var open: [Open]

    init(
        _ mails: [QueuedMail], rules: ClaimRules, reviews: Bool = true,
        isChosen: @escaping (Int64) -> Bool
    ) {
        self.rules = rules
        self.reviews = reviews
        self.isChosen = isChosen
        open = mails.map { Open(mail: $0, isSettled: !$0.rowIDs.contains(where: isChosen)) }
            .sorted {
                let (a, b) = ($0.mail, $1.mail)
                return (a.turn.rawValue, a.dueAt, a.id) < (b.turn.rawValue, b.dueAt, b.id)
            }
        while decideNext() {}
        for one in open where !one.isSettled && !one.isOver {
            settle(
                one.mail, review(one.mail), .waits(.deferred, until: blocker(of: one.mail)?.dueAt))
        }
    }

    private mutating func settle(_ mail: QueuedMail, _ rows: [Int64], _ fate: Fate) {
        let cancelled = Set(mail.candidate?.rows.filter(\.isCancelled).map(\.id) ?? [])
        fates += rows.filter { !cancelled.contains($0) }.map { ($0, fate) }
    }

    /// What is skipped of a mail though it waits.
    /// - Returns: the rows that are left.
    private mutating func review(_ mail: QueuedMail) -> [Int64] {
        guard reviews, let candidate = mail.candidate else { return mail.rowIDs }
        let skips = rules.review(candidate).skipped
        for skip in skips { fates.append((skip.row, .skipped(skip.reason))) }
        let skipped = Set(skips.map(\.row))
        return mail.rowIDs.filter { !skipped.contains($0) }
    }

    /// - Returns: false if nothing can be decided any more.
    private mutating func decideNext() -> Bool {
        for index in open.indices where !open[index].isSettled && !open[index].isOver {
            if let fate = standing(open[index].mail) {
                let mail = open[index].mail
                let left = review(mail)
                settle(mail, left, fate)
                open[index].isSettled = true
                open[index].isOver = mail.place == .uncertain || left.isEmpty
                return true
            }
            guard blocker(of: open[index].mail) == nil else { continue }
            decide(index)
            return true
        }
        return false
    }

    /// What keeps the mail, whatever stands in it; nil if nothing does.
    private func standing(_ mail: QueuedMail) -> Fate? {
        switch mail.place {
        case .sending: return .underWay
        case .uncertain: return .waits(.uncertain, until: nil)
        case .unreadable: return .waits(.deferred, until: nil)
        case .waiting: break
        }
        if mail.isPaused { return .waits(.paused, until: nil) }
        let isRetry = mail.turn == .retry
        guard mail.dueAt <= rules.now || rules.ignoresHold && !isRetry || isSooner(mail) else {
            return .waits(isRetry ? .deferred : .hold, until: mail.dueAt)
        }
        return nil
    }

    /// The API server may have set `instant` while no daemon ran: the mail is due before its time in line.
    private func isSooner(_ mail: QueuedMail) -> Bool {
        mail.candidate.flatMap { rules.review($0).dueAt } != nil
    }

    /// The mail that goes first, as the store has it.
    private func blocker(of mail: QueuedMail) -> QueuedMail? {
        open.first { other in
            guard !other.isOver, other.mail.id != mail.id else { return false }
            if other.mail.place == .sending { return true }
            return other.mail.wasTried && other.mail.place != .uncertain
                && (!mail.wasTried || other.mail.id < mail.id)
        }?.mail
    }

    private mutating func decide(_ index: Int) {
        let mail = open[index].mail
        guard let candidate = mail.candidate else {
            open[index].isSettled = true
            return
        }
        let decision = rules.decide(candidate)
        for skip in decision.skipped { fates.append((skip.row, .skipped(skip.reason))) }
        let skipped = Set(decision.skipped.map(\.row))
        let left = candidate.rows.filter { !skipped.contains($0.id) }
        switch decision.step {
        case .send(let rows, _, _):
            settle(mail, rows, .goes(mail: mailCount))
            mailCount += 1
            goesOn(index, left, without: rows)
        case .wait(let until):
            let isTried = candidate.attempts > 0
            settle(mail, left.map(\.id), .waits(isTried ? .deferred : .hold, until: until))
            open[index].isSettled = true
        case .waitForSender:
            settle(mail, left.map(\.id), .waits(.sender, until: nil))
            open[index].isSettled = true
        case .finish: open[index].isOver = true
        }
    }

    /// Rows that the mail had no room for are a mail that was not tried before.
    private mutating func goesOn(_ index: Int, _ rows: [OutboxRow], without sent: [Int64]) {
        let gone = Set(sent)
        let rest = rows.filter { !gone.contains($0.id) }
        open[index].mail.wasTried = false
        open[index].mail.rowIDs = rest.map(\.id)
        open[index].mail.candidate?.rows = rest
        open[index].mail.candidate?.attempts = 0
        open[index].mail.candidate?.copies = 0
        open[index].isOver = rest.isEmpty
        open[index].isSettled = !rest.contains { isChosen($0.id) }
    }
}
