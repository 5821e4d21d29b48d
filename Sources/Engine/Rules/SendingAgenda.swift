internal import Delivery

/// Until when the sending thread sleeps if nobody wakes it.
///
/// Each time in here is one at which a round has something to do. One that has passed, and that no
/// round can do anything about, would make the thread spin: it is left out, and whoever brings what is
/// missing (a mail, a result, a connection, a free record) wakes the thread.
///
/// | there is | it wakes |
/// |---|---|
/// | a connection | when its silence is over, or its rest |
/// | results, gathered for some milliseconds | when they are handed over |
/// | a mail whose connection turned out dead | at once: it is first in the next round |
/// | more to read than one turn allows | at once |
/// | a relay that is down, its probe's time ahead | then: the probe's mail is asked for |
/// | a relay that is down, that time passed | not for that: the store was asked already |
/// | a database that could not be read, the time to try again ahead | then |
/// | mails that wait for a place in the rate, its time ahead | then |
/// | the same, and that time came while the round went on | at once: the round may have looked before it |
/// | mails that wait for anything else | not for that: its end wakes us |
/// | a connection that could not be made for want of a thread, and mails | when it is tried again |
/// | a dialogue that takes long | when it is late, and when it is a straggler |
/// | a stop, its deadline ahead | then |
/// | a place in the rate that lies so far ahead that no mail is asked for yet | after a second |
/// | none of these | after ``longest``, or a quarter of the lease, as a sign of life |
struct SendingAgenda: Equatable {
    static let longest: Duration = .seconds(10)

    /// Others would take a thread that sleeps for longer than its lease for frozen.
    var lifeSign: Duration = longest
    /// When the round began; what has come due since, it may have missed.
    var roundBegan: SteadyTime?
    /// The earliest deadline of a connection.
    var connections: SteadyTime?
    /// When the results at hand are delivered; nil if there are none.
    var results: SteadyTime?
    /// A mail is to be begun anew, or a connection has more to say.
    var isUrgent = false
    var hasWaiting = false
    var probeAt: SteadyTime?
    var blindUntil: SteadyTime?
    var placeAt: SteadyTime?
    /// That place is more than a second away: nothing is asked for until then.
    var hasFarPlace = false
    var connectAt: SteadyTime?
    var stragglerAt: SteadyTime?
    var stopBy: SteadyTime?
    /// The stop's deadline has passed, and connect threads are still under way.
    var threadsUntil: SteadyTime?

    /// Never before `now`, and no later than ``longest``.
    func wakeAt(_ now: SteadyTime) -> SteadyTime {
        if isUrgent { return now }
        var next = now + min(hasFarPlace ? .seconds(1) : Self.longest, lifeSign)
        // One that has passed is due now.
        if let connections { next = min(next, max(connections, now)) }
        if let results { next = min(next, max(results, now)) }
        // One that had passed when the round began is waited for no more.
        let looked = roundBegan ?? now
        func wake(_ time: SteadyTime?) {
            if let time, time > looked { next = min(next, max(time, now)) }
        }
        wake(probeAt)
        wake(blindUntil)
        if hasWaiting {
            wake(placeAt)
            wake(connectAt)
        }
        wake(stragglerAt)
        wake(stopBy)
        wake(threadsUntil)
        return next
    }
}
