/// Waits that double from `base` up to `cap`: base, 2 × base, 4 × base … cap, cap.
package struct Doubling: Hashable, Sendable {
    package let base: Duration
    package let cap: Duration

    /// Negative durations count as zero.
    package init(from base: Duration, upTo cap: Duration) {
        self.base = max(base, .zero)
        self.cap = max(cap, .zero)
    }

    /// `min(cap, base × 2^(step-1))`.
    ///
    /// A step below 1 counts as 1.
    ///
    /// Doubled step by step and never beyond the cap, since 2^(step-1) itself overflows soon.
    package func wait(step: Int) -> Duration {
        guard base > .zero else { return .zero }
        var wait = min(base, cap)
        var step = step
        while step > 1, wait < cap {
            wait = cap - wait < wait ? cap : wait + wait
            step -= 1
        }
        return wait
    }
}
