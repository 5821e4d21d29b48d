internal import Delivery

/// Which faults are told one by one: a view that fails for every row must not fill the log with a
/// line for each of ten thousand mails.
///
/// | faults with the same text within a minute | told |
/// |---|---|
/// | the first ten | each |
/// | more | one line at the end of the minute, with their number |
///
/// Texts beyond the first hundred count as one.
struct FaultNews {
    private struct Minute {
        var endsAt: SteadyTime
        var count = 0
    }
    private var minutes: [String: Minute] = [:]

    static let told = 10
    static let stretch: Duration = .seconds(60)
    private static let mostTexts = 100

    /// Counts a fault; false if it is only to be counted.
    mutating func countAndTell(_ text: String, at now: SteadyTime) -> Bool {
        let key = minutes[text] != nil || minutes.count < Self.mostTexts ? text : "others"
        minutes[key, default: Minute(endsAt: now + Self.stretch)].count += 1
        return minutes[key].map { $0.count <= Self.told } ?? true
    }

    /// Takes the minutes that are over: how many faults each had that were not told.
    mutating func takeUntold(at now: SteadyTime) -> [(text: String, count: Int)] {
        guard !minutes.isEmpty else { return [] }
        let over = minutes.filter { $0.value.endsAt <= now }
        for text in over.keys { minutes[text] = nil }
        return over.map { (text: $0.key, count: $0.value.count - Self.told) }
            .filter { $0.count > 0 }
    }
}
