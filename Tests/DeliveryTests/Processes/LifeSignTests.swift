import Delivery
import Testing

private func second(_ count: Int64) -> SteadyTime { SteadyTime(nanoseconds: count * 1_000_000_000) }

/// Each line of the table of ``LifeSign/isMoving(at:)``, at 10,000 s.
@Test(
    arguments: [
        (nil, 120, false), (10_001, 120, false), (10_000, 120, true), (9_880, 120, true),
        (9_879, 120, false), (6_400, 99_999, true), (6_399, 99_999, false), (10_000, -1, false),
    ] as [(Int64?, Int64, Bool)])
func `a process moves if its last turn is no older than its lease`(
    _ beatAt: Int64?, lease: Int64, isMoving: Bool
) {
    let sign = LifeSign(beatAt: beatAt.map(second), lease: .seconds(lease))
    #expect(sign.isMoving(at: second(10_000)) == isMoving)
}

/// Each line of the table of ``LifeSign/isFrozen(leaseLeft:sign:at:)``, at 100 s.
@Test(
    arguments: [
        (101, 100, false), (100, 0, false), (101, nil, false), (99, 100, false), (99, 98, true),
        (99, nil, true), (0, nil, true),
    ] as [(Int64, Int64?, Bool)])
func `a process is frozen if its lease ran out and it does not move`(
    _ leaseUntil: Int64, beatAt: Int64?, isFrozen: Bool
) {
    let sign = beatAt.map { LifeSign(beatAt: second($0), lease: .seconds(1)) }
    #expect(
        LifeSign.isFrozen(
            leaseLeft: second(leaseUntil) - second(100), sign: sign, at: second(100)) == isFrozen)
}
