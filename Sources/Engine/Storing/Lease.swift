internal import Delivery

/// How long what this process has claimed is its own: `OUTBOXD_LEASE` from the last renewal.
///
/// Others may take it over after that.
///
/// | when | what is left | so |
/// |---|---|---|
/// | something is claimed | less than two thirds | it is renewed in the same transaction: no claim is older than its lease |
/// | a round, with mails under way | half or less | it is renewed |
/// | a transaction failed | nothing: the renewal in it is not there | it is renewed with the next |
struct Lease {
    let length: Duration
    private(set) var until = SteadyTime(nanoseconds: 0)

    init(length: Duration) {
        self.length = length
    }

    mutating func renewed(at now: SteadyTime) { until = now + length }

    mutating func lost() { until = SteadyTime(nanoseconds: 0) }

    func isTooShortForClaim(at now: SteadyTime) -> Bool { until - now < length * 2 / 3 }
    func isRenewalDue(at now: SteadyTime) -> Bool { renewal(after: now) <= .zero }

    /// Negative if it is overdue.
    func renewal(after now: SteadyTime) -> Duration { until - now - length / 2 }
}
