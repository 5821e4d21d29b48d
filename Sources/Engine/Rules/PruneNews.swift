internal import Delivery

/// What is told of pruning: how many rows, once an hour; and that some can't be deleted, once for each text.
struct PruneNews {
    static let interval: Duration = .seconds(3_600)
    /// Texts that are remembered.
    static let mostTexts = 16

    private var untold = 0
    private var texts: Set<String> = []
    private var next = SteadyTime(nanoseconds: 0)

    mutating func pruned(_ rows: Int) { untold += rows }

    /// - Parameter isThrough: There is nothing more to prune for now.
    /// - Returns: how many rows are to be told; nil if none are now.
    mutating func take(isThrough: Bool, at now: SteadyTime) -> Int? {
        guard untold > 0, isThrough, now >= next else { return nil }
        defer { (untold, next) = (0, now + Self.interval) }
        return untold
    }

    /// - Returns: whether the text is to be told.
    mutating func tells(_ text: String) -> Bool {
        guard texts.count < Self.mostTexts else { return false }
        return texts.insert(text).inserted
    }
}
