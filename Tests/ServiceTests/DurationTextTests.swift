import Testing

@testable import Service

@Suite struct DurationTextTests {
    @Test(arguments: [
        ("0", 0), ("0s", 0), ("500ms", 500), ("60s", 60_000), ("5m", 300_000), ("1h30m", 5_400_000),
        ("2d", 172_800_000), ("1d1h1m1s1ms", 90_061_001), ("90m", 5_400_000), ("007s", 7_000),
    ]) func `durations are read`(text: String, milliseconds: Int64) {
        #expect(DurationText.parse(text) == .milliseconds(milliseconds))
    }

    @Test(arguments: [
        "", "1", "00", "s", "1x", "1s1s", "1ms1s", "1s 1ms", "-1s", "1e3s", "1.5s", "１s",
        "9223372036854775807d", "99999999999999999999s", "3651d", "3650d1ms", "1s\n", "1sec",
    ]) func `what is none is refused`(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test(arguments: ["0s", "1ms", "59s999ms", "1h30m", "3650d", "1d1ms"])
    func `what is written is read again`(text: String) throws {
        #expect(DurationText.format(try #require(DurationText.parse(text))) == text)
    }
}
