internal import Delivery

/// Whether our own commits come so fast that the watch for commits is not listened to: each would wake the
/// storing thread once more.
///
/// | a commit with | the watch rests |
/// |---|---|
/// | fewer than 64 mails claimed and not written down | no |
/// | 64 or more, which keep both threads busy | for 50 ms |
struct OwnCommits {
    private static let much = 64
    private static let rest: Duration = .milliseconds(50)
    private var restsUntil = SteadyTime(nanoseconds: 0)

    mutating func committed(inHand: Int, at now: SteadyTime) {
        if inHand >= Self.much { restsUntil = now + Self.rest }
    }

    func areHectic(at now: SteadyTime) -> Bool { now < restsUntil }
}
