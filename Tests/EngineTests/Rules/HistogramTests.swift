import Testing

@testable import Engine

struct HistogramTests {
    @Test func `a value counts in the first bucket whose bound it does not exceed`() {
        var histogram = Histogram(bounds: [10, 20])
        for value: Int64 in [0, 10, 11, 20, 21, 1_000] { histogram.add(value) }
        #expect(histogram.counts == [2, 2, 2])
        #expect(histogram.count == 6)
        #expect(histogram.sum == 1_062)
    }

    @Test func `times reach from a millisecond to five minutes`() {
        var histogram = Histogram.times
        #expect(histogram.bounds == histogram.bounds.sorted())
        histogram.add(.milliseconds(1))
        histogram.add(.seconds(300))
        histogram.add(.seconds(301))
        histogram.add(.seconds(-5))
        #expect(histogram.counts.first == 2)
        #expect(Array(histogram.counts.suffix(2)) == [1, 1])
        #expect(histogram.sum == 601_001_000_000)
    }
}
