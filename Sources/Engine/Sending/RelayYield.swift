internal import Delivery

/// Whether the sending thread gives up the processor before it waits for the relay (sched_yield(2)).
///
/// A relay on the same machine often shares our processor. With its first reply the kernel lets us go on: we send one
/// mail and wait again. If the relay may first answer all that it has, we find all replies at once. There are fewer
/// switches between the two, and a tenth more mails a second with 16 connections.
///
/// | then | we |
/// |---|---|
/// | at most one mail is under way | don't yield: there is only one reply to wait for |
/// | a yield took longer than a relay needs for its replies | don't yield for ``rest`` times as long: it was another process |
///
/// Example: a process that never waits keeps the processor for 3 ms. After that we do without for 48 ms, or mails over
/// 4 connections would go out at a third of their rate.
struct RelayYield {
    /// A relay on this machine needs 0.03 ms for a mail.
    static let mostForMail: Duration = .microseconds(100)
    /// Less than Linux gives a process that never waits (3 ms).
    static let most: Duration = .milliseconds(2)
    static let rest = 16

    private var restsUntil: SteadyTime?

    func mayYield(underWay mails: Int, at now: SteadyTime) -> Bool {
        guard mails > 1 else { return false }
        return restsUntil.map { $0 <= now } ?? true
    }

    mutating func yielded(underWay mails: Int, from start: SteadyTime, to end: SteadyTime) {
        let time = end - start
        guard time > min(Self.most, Self.mostForMail * mails) else { return }
        restsUntil = end + time * Self.rest
    }
}
