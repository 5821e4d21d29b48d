import Delivery
import Service
import Testing

struct MomentTextTests {
    private static let now = WallTime(milliseconds: 1_795_855_330_000)

    @Test(
        arguments: [
            ("2h", -7_200_000), ("1h30m", -5_400_000), ("0", 0), ("90s", -90_000),
        ] as [(String, Int64)])
    func `a duration is so long ago`(text: String, offset: Int64) {
        #expect(MomentText.parse(text, now: Self.now) == Self.now + .milliseconds(offset))
    }

    @Test(arguments: [
        "2026-11-28T03:12:00Z", "2026-11-28T04:12:00+01:00", "2026-11-28 03:12:00Z",
        "2026-11-28t03:12:00z", "2026-11-28T03:12:00.000Z",
    ])
    func `RFC 3339`(text: String) {
        #expect(MomentText.parse(text, now: Self.now)?.milliseconds == 1_795_835_520_000)
    }

    @Test(arguments: ["", "yesterday", "2026-13-01T00:00:00Z", "28.11.2026", "-1h", "5 m"])
    func `anything else is none`(text: String) {
        #expect(MomentText.parse(text, now: Self.now) == nil)
    }
}
