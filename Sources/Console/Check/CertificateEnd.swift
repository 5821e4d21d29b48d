internal import Delivery

/// When a certificate ends, or has ended.
struct CertificateEnd {
    var at: WallTime
    var now: WallTime

    /// Renewal by itself is due when a third of 90 days is left; two weeks say that it does not work.
    static let soon: Duration = .seconds(14 * 86_400)

    var isOver: Bool { at <= now }
    var isSoon: Bool { !isOver && at - now < Self.soon }

    /// `expired on 2026-11-02`, `ends in 6 days`.
    var words: String {
        guard !isOver else { return "expired on \(TimeText.moment(at).prefix(10))" }
        let days = (at - now).inMilliseconds / 86_400_000
        guard days > 0 else { return "ends in \(TimeText.length(at - now))" }
        return "ends in \(counted(Int(days), "day"))"
    }
}
