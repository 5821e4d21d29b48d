internal import Delivery

/// How long the storing thread sleeps if nobody wakes it.
///
/// As in ``SendingAgenda`` each time is one at which a round has something to do: the round that comes
/// then either does it or moves the time on.
///
/// | there is | it sleeps no longer than |
/// |---|---|
/// | rows that the last batch had no room for | not at all |
/// | rows of a burst that no mail can be claimed of | until mails were last claimed 50 ms ago, unless the sender wakes us |
/// | processes whose mails the last round had no time to take over | not at all |
/// | a mail that falls due, and a sender that could take it | until then, or until the pause after a fruitless claim is over |
/// | a mail that falls due, and no demand | not for that: the sender wakes us when it can take one |
/// | newcomers that wait since one of them was refused | until the next may be tried |
/// | an outcome that could not be written down | until it is tried again |
/// | a hint that somebody is about to commit | until the next look |
/// | a search for late inserts that is under way or wanted | until its next step |
/// | old rows to prune, or to look for | until the next step |
/// | a review that is wanted or under way | until its next step |
/// | mails under way, and a lease on them | until half of it has passed |
/// | many of our own commits, so that the watch is not listened to | 10 ms |
/// | none of these | the poll interval |
struct StoringAgenda: Equatable {
    var pollInterval: Duration
    var hasMoreRows = false
    var hasMoreToRecover = false
    /// Until rows that wait for demand are ingested without it.
    var ingest: Duration?
    /// Until a mail falls due that could be claimed then.
    var due: Duration?
    /// How long claims rest after one that brought nothing.
    var claimPause: Duration = .zero
    /// Until the next newcomer may be tried.
    var newcomers: Duration?
    /// Until an outcome that could not be written down is tried again.
    var noting: Duration?
    var look: Duration?
    /// Until the next step of the search for late inserts.
    var lateInserts: Duration?
    var review: Duration?
    /// Until the next step of pruning.
    var pruning: Duration?
    var renewal: Duration?
    var isHectic = false

    static let hecticPace: Duration = .milliseconds(10)

    /// Never negative.
    var timeout: Duration {
        if hasMoreRows || hasMoreToRecover { return .zero }
        var timeout = pollInterval
        if let due { timeout = min(timeout, max(due, claimPause)) }
        for time in [ingest, newcomers, noting, look, lateInserts, review, pruning, renewal] {
            if let time { timeout = min(timeout, time) }
        }
        if isHectic { timeout = min(timeout, Self.hecticPace) }
        return max(.zero, timeout)
    }
}
