import Delivery
import Testing

@Suite struct ExpiryTests {
    // "until `OUTBOXD_EXPIRE_AFTER` has passed since a row's first attempt, the time in which the
    // relay was down not counted"
    @Test(arguments: [
        (99.999, 0.0, false), (100, 0, true), (101, 0, true), (-5, 0, false),
        (149.999, 50, false), (150, 50, true), (150, 51, false), (100, -50, true),
        (1_000, 1_000, false),
    ])
    func `a row expires after the time in which the relay was up`(
        age: Double, down: Double, expected: Bool
    ) {
        let expired = Expiry(after: .seconds(100)).isExpired(
            firstAttemptAt: wall(0), now: wall(age), relayDown: .seconds(down))
        #expect(expired == expected)
    }

    @Test func `it has expired to the second`() {
        #expect(!Expiry.usual.isExpired(firstAttemptAt: wall(0), now: wall(259_199)))
        #expect(Expiry.usual.isExpired(firstAttemptAt: wall(0), now: wall(259_200)))
    }

    // "Waiting for a sender ages: at expiry such a row is `failed`, `rejected`."
    @Test(
        arguments: [
            (0, 500, 259_199, false), (0, 500, 259_200, true), (nil, 500, 259_699, false),
            (nil, 500, 259_700, true),
        ] as [(Double?, Double, Double, Bool)])
    func `waiting for a sender ages since the first attempt, or since it was due`(
        first: Double?, due: Double, now: Double, expected: Bool
    ) {
        let isTooOld = Expiry.usual.isTooOldForSender(
            firstAttemptAt: first.map(wall), dueAt: wall(due), now: wall(now))
        #expect(isTooOld == expected)
    }

    @Test func `a time out of any range does not overflow`() {
        let earliest = WallTime(milliseconds: .min)
        let latest = WallTime(milliseconds: .max)
        #expect(Expiry.usual.isExpired(firstAttemptAt: earliest, now: latest))
        #expect(
            !Expiry.usual.isExpired(
                firstAttemptAt: latest, now: earliest, relayDown: .seconds(Int64.max)))
    }
}

extension Expiry {
    fileprivate static let usual = Expiry(after: .seconds(3 * 86_400))
}
