import Delivery
import TestSupport
import Testing

/// The clock is set while the daemon is down.
///
/// What it knew of the clock is changed instead: a test can't
/// set the machine's.
struct ClockTests {
    private func setClock(on seconds: Int64, _ outboxd: Outboxd) throws {
        let value = try outboxd.values("SELECT value FROM outboxd_meta WHERE key = 'clock'").first
        var parts = (value ?? "").split(separator: " ").map(String.init)
        parts[1] = String((Int64(parts[1]) ?? 0) - seconds * 1_000)
        let text = parts.joined(separator: " ")
        try outboxd.sql("UPDATE outboxd_meta SET value = '\(text)' WHERE key = 'clock'")
    }

    @Test func `rows that were not ingested keep their hold`() throws {
        let outboxd = try Outboxd(["OUTBOXD_HOLD": "60s"])
        defer { outboxd.end() }
        let first = try outboxd.run()
        first.terminate()
        _ = first.waitForExit()
        // More than are ingested at once, written a second before the clock was set on by an hour.
        let now = TestClock.wall.milliseconds
        let ids = try outboxd.insert(
            (0..<1_200).map { Row(conversation: "c\($0)", createdAt: now - 3_601_000) })
        try setClock(on: 3_600, outboxd)
        try outboxd.run()
        let after = try outboxd.insert(Row(to: "ben@example.test", instant: true))[0]
        #expect(try outboxd.status(after, after: "sent").summary == "sent")
        #expect(outboxd.relay.mails.map(\.recipient) == ["ben@example.test"])
        for id in [ids[0], ids[1_199]] {
            // The instant one may go before the last of them is taken in.
            #expect(
                try eventually {
                    (50_000...60_000).contains(try outboxd.status(id).dueAt - now)
                })
        }
    }
}
