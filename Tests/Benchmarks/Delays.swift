import Delivery

/// How late mails were, in milliseconds.
struct Delays {
    var instant: [Double] = []
    var held: [Double] = []

    /// - Parameters:
    ///   - name: what the figures' names begin with.
    ///   - limit: for the 99th percentile, in milliseconds.
    ///   - median: for the median of the instant ones.
    func figures(_ name: String, p99 limit: Double, median: Double? = nil) -> [Figure] {
        Self.figures(
            name + "instant, commit to 250", instant, limit, median.map(Target.below))
            + Self.figures(name + "hold, lateness", held, limit, nil) + [
                Figure(
                    name + "hold, lateness: min", "ms", held.percentile(0), .atLeast(0))
            ]
    }

    private static func figures(
        _ name: String, _ delays: [Double], _ limit: Double, _ median: Target?
    ) -> [Figure] {
        [
            Figure(name + ": p50 of \(delays.count)", "ms", delays.percentile(0.5), median),
            Figure(name + ": p99", "ms", delays.percentile(0.99), .below(limit)),
            Figure(name + ": max", "ms", delays.percentile(1)),
        ]
    }
}
