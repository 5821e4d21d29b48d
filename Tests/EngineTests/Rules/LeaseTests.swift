import Delivery
import Testing

@testable import Engine

/// When the lease is renewed, line by line, and what else the storing thread does now and then.
struct LeaseTests {
    private static func at(_ seconds: Double) -> SteadyTime {
        SteadyTime(nanoseconds: 1_000_000_000_000 + Int64(seconds * 1_000_000_000))
    }

    private func renewed(at seconds: Double) -> Lease {
        var lease = Lease(length: .seconds(30))
        lease.renewed(at: Self.at(seconds))
        return lease
    }

    @Test func `one that was never renewed is too short for anything`() {
        let lease = Lease(length: .seconds(30))
        #expect(lease.isTooShortForClaim(at: Self.at(0)) && lease.isRenewalDue(at: Self.at(0)))
    }

    @Test func `a claim needs two thirds of it, a round half`() {
        let lease = renewed(at: 0)
        #expect(!lease.isTooShortForClaim(at: Self.at(10)))
        #expect(lease.isTooShortForClaim(at: Self.at(10.1)))
        #expect(!lease.isRenewalDue(at: Self.at(14.9)))
        // The loop sleeps until then, and would wake for nothing.
        #expect(lease.isRenewalDue(at: Self.at(15)))
        #expect(lease.renewal(after: Self.at(14)) == .seconds(1))
        #expect(lease.renewal(after: Self.at(16)) == .seconds(-1))
    }

    @Test func `what a failed transaction renewed is not there`() {
        var lease = renewed(at: 0)
        lease.lost()
        #expect(lease.isTooShortForClaim(at: Self.at(1)) && lease.isRenewalDue(at: Self.at(1)))
    }

    @Test func `an interval is due at once, and then after its time`() {
        var interval = Interval()
        #expect(interval.isDue(at: Self.at(0)))
        interval.done(at: Self.at(0), again: .seconds(60))
        #expect(!interval.isDue(at: Self.at(59.9)) && interval.isDue(at: Self.at(60)))
    }

    @Test(arguments: [(63, false), (64, true)])
    func `many commits of our own are not listened to`(inHand: Int, isHectic: Bool) {
        var commits = OwnCommits()
        #expect(!commits.areHectic(at: Self.at(0)))
        commits.committed(inHand: inHand, at: Self.at(0))
        #expect(commits.areHectic(at: Self.at(0.049)) == isHectic)
        #expect(!commits.areHectic(at: Self.at(0.05)))
    }
}
