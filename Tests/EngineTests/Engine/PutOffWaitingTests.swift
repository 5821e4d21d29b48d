import Delivery
import Engine
import SQLite
import TestSupport
import Testing

/// The contract lets the API server put a row off until it is being sent.
@Test func `a row that is put off while it waits goes neither with --now nor with another`() throws
{
    let bed = try EngineBed()
    bed.settings.hold = HoldPolicy(hold: .seconds(600))
    let late = try bed.insert(instant: false)
    let daemon = try bed.start()
    #expect(try bed.waitFor("pending/hold", late))
    #expect(bed.stop(daemon) == .stopped)
    try bed.server.execute(
        "UPDATE outbox SET not_before = \(TestClock.wall.milliseconds + 3_600_000)")
    let now = RunMode(isDrain: true, ignoresHold: true)
    #expect(try bed.end(of: bed.start(now)) == .drained)
    #expect(try bed.relay.mails.isEmpty && bed.state(late) == "pending/hold")
    let other = try bed.insert("m2")
    #expect(try bed.end(of: bed.start(now)) == .drained)
    #expect(try bed.state(other) == "sent" && bed.state(late) == "pending/hold")
    #expect(bed.relay.mails.count == 1)
}
