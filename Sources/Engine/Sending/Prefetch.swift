internal import Delivery

/// How many mails the sending thread keeps at hand: as many as go out while the store claims the next
/// ones, and no more, since what waits here is claimed and was looked at already.
///
/// The rate is measured over stretches of 50 ms; the target is what goes out in 100 ms, at least two
/// for each connection in use and at most ``most(window:)``. A relay that proves faster than the last stretch
/// is believed at once: else the first tenths of a second of each backlog would be spent waiting for
/// the store.
///
/// Example: 16 mails go out in the first 8 ms. That is 100 in 50 ms, and 200 are asked for.
///
/// Only time counts in which the relay has mail of ours. Behind a disk that takes 100 ms for a commit, two mails
/// would else go out every 100 ms, be taken for all that the relay can do, and two be asked for again, for ever.
struct Prefetch {
    /// With few connections, with many, and where the disk takes long for a commit (``CommitPace``).
    static let most = (few: 256, many: 768, slowly: 1_280)
    private static let stretch: Duration = .milliseconds(50)
    private static let ahead = 2
    /// So many say how fast the relay is.
    private static let sample = 16

    /// When the stretch began, later by the time in which the relay had nothing of ours.
    private var since: SteadyTime
    private var idleSince: SteadyTime?
    /// After a second without mail the last measurement says little: half of the rate is believed.
    private static let longIdle: Duration = .seconds(1)
    private var count = 0
    private var perStretch = 0

    init(at now: SteadyTime) {
        since = now
    }

    /// - Parameter isBusy: The relay has mail of ours.
    mutating func relay(isBusy: Bool, at now: SteadyTime) {
        guard isBusy else {
            idleSince = idleSince ?? now
            return
        }
        guard let idle = idleSince.map({ now - $0 }) else { return }
        idleSince = nil
        since = since + idle
        guard idle >= Self.longIdle else { return }
        perStretch = (perStretch + 1) / 2
        count = 0
        since = now
    }

    mutating func finished(_ mails: Int, at moment: SteadyTime) {
        let now = idleSince ?? moment
        count += mails
        let passed = now - since
        guard passed >= Self.stretch else { return believe(passed, at: now) }
        // What took longer than one stretch is the rate of several.
        let stretches = max(1, Int(passed.inMilliseconds / Self.stretch.inMilliseconds))
        perStretch = (perStretch + count / stretches + 1) / 2
        count = 0
        since = now
    }

    /// Within a stretch: as many as in the last one went out already.
    private mutating func believe(_ passed: Duration, at now: SteadyTime) {
        guard count >= max(Self.sample, perStretch) else { return }
        let microseconds = max(1, Int(passed.inNanoseconds / 1_000))
        perStretch = min(Self.most.slowly, count * 50_000 / microseconds)
        count = 0
        since = now
    }

    /// So many that claims and results go through the store in large batches.
    ///
    /// Twelve for each connection: with many connections many mails end at the same time. With few, more would only
    /// be claimed earlier.
    static func most(window: Int, isCommittingSlow: Bool = false) -> Int {
        isCommittingSlow ? most.slowly : min(most.many, max(most.few, 12 * window))
    }

    func target(window: Int, isCommittingSlow: Bool = false) -> Int {
        let most = Self.most(window: window, isCommittingSlow: isCommittingSlow)
        return min(most, max(2 * window, Self.ahead * perStretch))
    }

    /// How many of the mails at hand count: those of helpdesks with late mails don't, or no other's could be claimed.
    ///
    /// While the relay is down they do. One mail is to try it then; beside one that did not count, an accused one would
    /// be claimed and go first: it would be refused, and the other go back and be claimed again, without end.
    static func stock(atHand: Int, unwanted: Int, isDown: Bool) -> Int {
        isDown ? atHand : atHand - unwanted
    }

    /// First attempts and retries that may be claimed though the stock is full of instant mails: a quarter
    /// of the turns is theirs, and must find one.
    static func behind(target: Int, stock: Int) -> Int { max(0, (target + 3) / 4 - stock) }

    /// Instant mails that may be claimed though the stock is full: their turn comes before most of what
    /// is in it, and another helpdesk's comes before the rest.
    ///
    /// Example: 4 connections and a stock of 1,024 instant mails of one helpdesk; 8 more are claimed in
    /// each round, first one of every other helpdesk that has some. At twice the target it ends.
    static func urgent(window: Int, target: Int, stock: Int) -> Int {
        max(0, min(2 * window, 2 * (target + window) - stock))
    }
}
