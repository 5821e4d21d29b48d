extension Double {
    /// Three digits that say something.
    var short: String {
        if self == 0 || abs(self) >= 100 || self == rounded() { return String(Int(rounded())) }
        let scale = abs(self) >= 10 ? 10.0 : 100.0
        return "\((self * scale).rounded() / scale)"
    }
}

extension [Double] {
    /// The value that this part of all does not exceed; 0.5 is the median.
    func percentile(_ part: Double) -> Double {
        guard !isEmpty else { return 0 }
        let sorted = sorted()
        if part == 0.5, count.isMultiple(of: 2) {
            return (sorted[count / 2 - 1] + sorted[count / 2]) / 2
        }
        return sorted[Swift.min(count - 1, Int(Double(count) * part))]
    }

    /// Each divided by the other's of the same round.
    func ratios(to others: [Double]) -> [Double] { zip(self, others).map { $0 / $1 } }
}
