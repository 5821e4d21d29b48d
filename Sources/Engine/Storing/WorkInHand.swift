internal import Delivery
internal import Store

/// The mails that are claimed and not written down yet: how many, what memory they take, what became of
/// those that are through, and which of those a failing statement keeps from being written down.
struct WorkInHand {
    /// Outcomes that are not committed yet; kept until they are, whatever happens.
    private(set) var results: [SendResult] = []
    /// How many mails are claimed and not written down.
    private(set) var count = 0
    private var memory: OctetBudget
    private var unrecorded = Unrecorded()
    /// Those that failed for the first time, and are to be noted.
    private var newlyUnrecorded: [UnrecordedMail] = []

    typealias UnrecordedMail = (mail: InFlightMail, text: String)

    /// - Parameter octets: Mails are claimed only while the mails in hand take fewer.
    init(octets: Int = OctetBudget.usual) { memory = OctetBudget(limit: octets) }

    /// More may be claimed.
    var hasRoom: Bool { memory.hasRoom }
    /// What the mails in hand are counted as.
    var octets: Int { memory.used }

    /// More may be claimed if so many octets of those in hand don't count.
    func hasRoom(besides octets: Int) -> Bool { memory.hasRoom(besides: octets) }

    /// No outcome waits to be committed.
    var hasNoResults: Bool { results.isEmpty }

    // MARK: Claimed

    mutating func claimed(_ mails: Int) { count += mails }
    mutating func composed(_ mail: OutgoingMail) { memory.take(mail.octets) }

    // MARK: Through

    mutating func add(_ result: SendResult) { results.append(result) }
    mutating func add(_ more: [SendResult]) { results += more }

    /// Those that could not be written down, and whose time has come.
    mutating func addDue(at now: SteadyTime) { results += unrecorded.takeDue(at: now) }
    mutating func addAllUnrecorded() { results += unrecorded.takeAll() }

    // MARK: Written down

    /// The transaction is through.
    ///
    /// - Parameter texts: why an outcome could not be written down, by the mail's token.
    /// - Parameter settle: called for each mail that is settled.
    /// - Returns: those that failed for the first time. Their outcome is kept, and its slot with it: whoever
    ///   takes over after a crash finds the reply there.
    mutating func committed(
        unrecorded texts: [Int64: String], at now: SteadyTime, settle: (SendResult) -> Void
    ) -> [UnrecordedMail] {
        var failed: [UnrecordedMail] = []
        for result in results {
            let mail = result.mail.mail
            if let text = texts[mail.token] {
                if unrecorded.add(kept(result), at: now) { failed.append((mail, text)) }
                continue
            }
            unrecorded.recorded(mail)
            count -= 1
            memory.giveBack(result.mail.octets)
            settle(result)
        }
        newlyUnrecorded += failed
        results.removeAll(keepingCapacity: true)
        return failed
    }

    /// What waits to be written down takes no memory for others' mails, but for a copy that the outcome
    /// itself is about.
    private mutating func kept(_ result: SendResult) -> SendResult {
        if case .verdict(.uncertain) = result.end, !result.mail.isKept { return result }
        memory.giveBack(result.mail.octets)
        return result.emptied
    }

    // MARK: Not to be written down

    /// Helpdesks that send no more for now: too many of their outcomes can't be written down.
    var full: Set<String> { unrecorded.full }

    /// Those that are to be noted in the database: kept until ``noted()``.
    var toNote: [UnrecordedMail] { newlyUnrecorded }
    mutating func noted() { newlyUnrecorded.removeAll() }

    var unrecordedCount: Int { unrecorded.count }
    /// How often writing down has failed for the mail that it failed for most often.
    var mostFailures: Int { unrecorded.mostFailures }
    /// When the next one is tried again.
    var nextAt: SteadyTime? { unrecorded.nextAt }
}
