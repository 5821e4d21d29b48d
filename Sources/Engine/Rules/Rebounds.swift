internal import Delivery

/// How long a mail rests that came back from the pre-send check, or because it has a part in what the relay is
/// taken for down for.
///
/// | event | the mail is claimed again |
/// |---|---|
/// | it came back for the first time | after 10 ms |
/// | it came back since the relay is down, up to three times | at once: it waits for the relay, and says so |
/// | it came back again, and was not attempted in between | after twice the rest before, at most 10 s |
/// | it was attempted | its next rest is the first again |
///
/// Claim and check see the same tables, so that a mail comes back once and is then held, skipped or
/// composed anew. Should they ever disagree (a view that answers differently each time), that mail
/// must not go round without end. Nor must one that the store takes for innocent and the sending thread does
/// not: a drain would wait for it for ever.
struct Rebounds {
    private static let schedule = Doubling(from: .milliseconds(10), upTo: .seconds(10))
    /// More mails are not remembered at once.
    static let most = 4_096
    private var counts: [Int64: Int] = [:]

    mutating func countRebound(of mailID: Int64) -> Duration {
        if counts.count >= Self.most { counts.removeAll() }
        let count = counts[mailID, default: 0]
        counts[mailID] = count + 1
        return Self.schedule.wait(step: count + 1)
    }

    /// It has a part in what the relay is taken for down for.
    /// - Returns: nil if it need not rest.
    mutating func countAccused(_ mailID: Int64) -> Duration? {
        let isRare = counts[mailID, default: 0] < Self.mostAccused
        let rest = countRebound(of: mailID)
        return isRare ? nil : rest
    }

    private static let mostAccused = 3

    mutating func attempted(_ mailID: Int64) { counts[mailID] = nil }
}
