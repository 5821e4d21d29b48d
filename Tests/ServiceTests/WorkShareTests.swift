import Delivery
import Testing

@testable import Service

/// The rule of ``WorkShare``: at most so much of each window.
struct WorkShareTests {
    private func time(_ milliseconds: Int64) -> SteadyTime {
        SteadyTime(nanoseconds: milliseconds * 1_000_000)
    }

    @Test func `it rests when its part of the window is used up, and goes on in the next`() {
        var share = WorkShare(.milliseconds(20), of: .milliseconds(100), at: time(0))
        share.worked(from: time(0), to: time(19))
        #expect(share.pause(at: time(19)) == nil)
        share.worked(from: time(30), to: time(31))
        #expect(share.pause(at: time(31)) == .milliseconds(69))
        #expect(share.pause(at: time(100)) == nil)
        // What was used before counts no more.
        share.worked(from: time(100), to: time(101))
        #expect(share.pause(at: time(101)) == nil)
        // A window begins with work, not with the clock.
        share.worked(from: time(1_000), to: time(1_030))
        #expect(share.pause(at: time(1_030)) == .milliseconds(70))
    }
}
