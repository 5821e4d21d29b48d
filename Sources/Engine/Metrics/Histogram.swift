internal import Delivery

/// How often a value was at most so large: Prometheus's histogram.
///
/// Values are whole numbers (nanoseconds, or mails), so that a sum over years stays exact.
package struct Histogram: Sendable, Equatable {
    /// The upper bounds of the buckets, rising; what is greater than the last counts in a bucket of its own.
    package let bounds: [Int64]
    /// One for each bound, and one beyond; not cumulated.
    package private(set) var counts: [Int]
    package private(set) var sum: Int64 = 0

    package init(bounds: [Int64]) {
        self.bounds = bounds
        counts = [Int](repeating: 0, count: bounds.count + 1)
    }

    /// 1 ms to 5 min, in nanoseconds.
    ///
    /// At most 16, since each is a time series for each label.
    package static var times: Histogram {
        let milliseconds: [Int64] = [
            1, 3, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000,
            300_000,
        ]
        return Histogram(bounds: milliseconds.map { $0 * 1_000_000 })
    }

    /// Mails of a batch: claims come in 256 at most.
    package static var mails: Histogram {
        Histogram(bounds: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512])
    }

    mutating func add(_ value: Int64) {
        var index = 0
        while index < bounds.count, value > bounds[index] { index += 1 }
        counts[index] += 1
        sum &+= value
    }

    mutating func add(_ duration: Duration) { add(max(0, duration.inNanoseconds)) }

    /// All values.
    package var count: Int { counts.reduce(0, +) }
}
