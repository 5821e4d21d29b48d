/// When trouble that lasts is told again: at once, and then every ten minutes.
///
/// | | told |
/// |---|---|
/// | seen for the first time | yes |
/// | seen again within 10 min of being told | no |
/// | seen again later | yes |
/// | gone, and back | yes |
/// | more than `limit` things at a time | those beyond are not told |
package struct Reminder<Subject: Hashable & Sendable>: Sendable {
    private var toldAt: [Subject: SteadyTime] = [:]
    private let pause: Duration
    private let limit: Int

    package init(every pause: Duration = .seconds(600), limit: Int = 100) {
        self.pause = pause
        self.limit = limit
    }

    /// - Parameter seen: all the trouble that there is now.
    /// - Returns: what is to be told, in the order of `seen`.
    package mutating func due(of seen: [Subject], at now: SteadyTime) -> [Subject] {
        let known = toldAt
        toldAt = [:]
        var due: [Subject] = []
        for subject in seen where toldAt[subject] == nil && toldAt.count < limit {
            let last = known[subject]
            let isDue = last.map { now - $0 >= pause } ?? true
            if isDue { due.append(subject) }
            toldAt[subject] = isDue ? now : last
        }
        return due
    }
}
