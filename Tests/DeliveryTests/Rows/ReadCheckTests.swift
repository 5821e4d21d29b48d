import Delivery
import Testing

@Suite struct ReadCheckTests {
    // "A reply is read when `last_read_at >= created_at`; a marker in the future counts as now."
    @Test(
        arguments: [
            (10, nil, false),
            (10, 9.999, false), (10, 10, true), (10, 10.001, true), (10, 99, true),
            (10, 101, true), (10, 1_000_000, true),
            // Created in the future: only a marker that is there by now could cover it.
            (150, 100, false), (150, 150, false), (150, 1_000_000, false), (100, 100, true),
            (100, 100.001, true),
        ] as [(Double, Double?, Bool)])
    func `a marker covers what was created up to it and up to now`(
        createdAt: Double, marker: Double?, expected: Bool
    ) {
        let isRead = ReadCheck.isRead(
            createdAt: wall(createdAt), marker: marker.map(wall), now: wall(100))
        #expect(isRead == expected)
    }

    @Test func `a marker in seconds covers nothing`() {
        let marker = WallTime(milliseconds: wall(50).milliseconds / 1_000)
        #expect(!ReadCheck.isRead(createdAt: wall(10), marker: marker, now: wall(100)))
    }
}
