/// Finds the shortest history that it can of one that breaks a promise: takes steps out, in halves, quarters and
/// so on, as long as the same promise is broken (delta debugging, Zeller and Hildebrandt 2002).
struct Shrinker {
    private let promise: Violation.Promise
    private(set) var plan: Plan
    private var runs = 0
    private static let mostRuns = 300

    init(_ plan: Plan, _ violation: Violation) {
        self.plan = plan
        promise = violation.promise
    }

    mutating func shrink() {
        var size = max(1, plan.steps.count / 2)
        while runs < Self.mostRuns {
            let before = plan.steps.count
            takeOut(size)
            if size == 1, plan.steps.count == before { return }
            size = max(1, size / 2)
        }
    }

    private mutating func takeOut(_ size: Int) {
        var start = 0
        while start < plan.steps.count, runs < Self.mostRuns {
            var shorter = plan
            shorter.steps.removeSubrange(start..<min(start + size, plan.steps.count))
            runs += 1
            if Outcome(shorter).violation?.promise == promise {
                plan = shorter
            } else {
                start += size
            }
        }
    }
}
