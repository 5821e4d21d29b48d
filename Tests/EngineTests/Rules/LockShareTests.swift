import Delivery
import Testing

@testable import Engine

@Suite("How long the write lock is left alone")
struct LockShareTests {
    private let start = SteadyTime(nanoseconds: 1_000_000_000)

    @Test(
        "a quarter of the time it was held, no more than 5 ms, or 125 ms after a long time",
        arguments: [
            (0, 0), (4, 1), (12, 3), (20, 5), (24, 5), (88, 5), (400, 100), (30_000, 125),
        ])
    func pause(held: Int, pause: Int) {
        var share = LockShare()
        #expect(share.pause(at: start) == .zero)
        let end = start + .milliseconds(held)
        share.held(from: start, to: end)
        #expect(share.pause(at: end) == .milliseconds(pause))
    }

    @Test("what was done meanwhile counts")
    func partOver() {
        var share = LockShare()
        let end = start + .milliseconds(12)
        share.held(from: start, to: end)
        #expect(share.pause(at: end + .milliseconds(1)) == .milliseconds(2))
        #expect(share.pause(at: end + .milliseconds(3)) == .zero)
        #expect(share.pause(at: end + .seconds(9)) == .zero)
    }

    @Test(
        "while others commit it is free for twice as long as it was held",
        arguments: [(0, 0), (1, 2), (4, 8), (6, 12), (40, 12), (89, 12), (90, 125), (400, 125)])
    func shared(held: Int, pause: Int) {
        var share = LockShare()
        let end = start + .milliseconds(held)
        share.othersCommitted(at: start)
        share.held(from: start, to: end)
        #expect(share.pause(at: end) == .milliseconds(pause))
    }

    @Test("a transaction is small until a second after the last commit of another's")
    func batch() {
        var share = LockShare()
        #expect(share.batch(256, at: start) == 256)
        share.othersCommitted(at: start)
        #expect(share.batch(256, at: start) == LockShare.sharedBatch)
        #expect(share.batch(10, at: start) == 10)
        #expect(share.batch(256, at: start + .milliseconds(999)) == LockShare.sharedBatch)
        #expect(share.batch(256, at: start + .seconds(1)) == 256)
    }

    @Test(
        "for an instant row it is free for no longer than it was held, unless that was long",
        arguments: [(0, 0), (1, 1), (4, 4), (12, 12), (40, 12), (89, 12), (90, 125)])
    func urgent(held: Int, pause: Int) {
        var share = LockShare()
        let end = start + .milliseconds(held)
        share.othersCommitted(at: start)
        share.held(from: start, to: end)
        #expect(share.pause(isUrgent: true, at: end) == .milliseconds(pause))
        #expect(share.pause(isUrgent: true, at: end + .milliseconds(pause)) == .zero)
    }

    @Test("where nobody else commits it is free for a quarter of it for an instant row, too")
    func urgentAlone() {
        var share = LockShare()
        let end = start + .milliseconds(8)
        share.held(from: start, to: end)
        #expect(share.pause(isUrgent: true, at: end) == .milliseconds(2))
    }

    @Test("a transaction for an instant row is smaller still")
    func urgentBatch() {
        var share = LockShare()
        #expect(share.batch(256, isUrgent: true, at: start) == LockShare.urgentBatch)
        share.othersCommitted(at: start)
        #expect(share.batch(256, isUrgent: true, at: start) == LockShare.urgentBatch)
        #expect(share.batch(10, isUrgent: true, at: start) == 10)
        #expect(LockShare.urgentBatch < LockShare.sharedBatch)
    }
}
