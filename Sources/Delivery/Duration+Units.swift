extension Duration {
    /// Whole milliseconds, rounded towards zero, saturating.
    package var inMilliseconds: Int64 { whole(perSecond: 1_000) }

    /// Whole nanoseconds, saturating: 292 years either way.
    package var inNanoseconds: Int64 { whole(perSecond: 1_000_000_000) }

    /// With its fraction.
    package var inSeconds: Double { Double(inNanoseconds) / 1e9 }

    /// For people: `30 s`, `300 ms`.
    package var inWords: String {
        let milliseconds = inMilliseconds
        return milliseconds.isMultiple(of: 1_000)
            ? "\(milliseconds / 1_000) s" : "\(milliseconds) ms"
    }

    private func whole(perSecond: Int64) -> Int64 {
        let (seconds, attoseconds) = components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: perSecond)
        if overflow { return seconds < 0 ? .min : .max }
        let rest = attoseconds / (1_000_000_000_000_000_000 / perSecond)
        let (sum, sumOverflow) = scaled.addingReportingOverflow(rest)
        return sumOverflow ? (seconds < 0 ? .min : .max) : sum
    }
}
