import Delivery
@testable import Engine
import Testing

/// Every line of the table.
struct ReboundsTests {
    @Test func `a mail that comes back again and again rests longer and longer`() {
        var rebounds = Rebounds()
        let rests = (0..<12).map { _ in rebounds.countRebound(of: 1).inMilliseconds }
        #expect(rests == [10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 5_120, 10_000, 10_000])
        #expect(rebounds.countRebound(of: 2) == .milliseconds(10))
        rebounds.attempted(1)
        #expect(rebounds.countRebound(of: 1) == .milliseconds(10))
    }

    @Test func `what is remembered is bounded`() {
        var rebounds = Rebounds()
        for mail in 0..<Int64(Rebounds.most) { _ = rebounds.countRebound(of: mail) }
        // Full: the next one begins anew, and so do all.
        #expect(rebounds.countRebound(of: 1) == .milliseconds(10))
    }

    /// While it rests it would not be told as waiting for the relay.
    @Test func `an accused mail rests only where it comes back again and again`() {
        var rebounds = Rebounds()
        let rests = (0..<5).map { _ in rebounds.countAccused(1) }
        #expect(rests == [nil, nil, nil, .milliseconds(80), .milliseconds(160)])
        rebounds.attempted(1)
        #expect(rebounds.countAccused(1) == nil)
    }
}
