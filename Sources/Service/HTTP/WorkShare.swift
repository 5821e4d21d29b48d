internal import Delivery

/// How much of the time a thread may work: at most `most` in each window, then it rests until the window is over.
///
/// Example: 20 ms of each 100 ms; what comes in after them waits up to 80 ms.
struct WorkShare {
    private let most: Duration
    private let window: Duration
    private var end: SteadyTime
    private var worked: Duration = .zero

    init(_ most: Duration, of window: Duration, at now: SteadyTime) {
        self.most = most
        self.window = window
        end = now + window
    }

    mutating func worked(from start: SteadyTime, to now: SteadyTime) {
        if start >= end {
            worked = .zero
            end = start + window
        }
        worked += now - start
    }

    /// nil if it may work.
    func pause(at now: SteadyTime) -> Duration? {
        worked >= most && now < end ? end - now : nil
    }
}
