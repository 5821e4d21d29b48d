internal import Delivery

/// The pre-send check can't read the database: nothing is begun for half a second, and it is told once,
/// however often it fails (Contract.md, "Till the last moment").
struct CheckTrouble: Equatable {
    /// Nothing begins before this.
    private(set) var until = SteadyTime(nanoseconds: 0)
    private var isTold = false

    static let pause: Duration = .milliseconds(500)

    /// - Returns: true if it is to be told.
    mutating func failed(at now: SteadyTime) -> Bool {
        defer { isTold = true }
        until = now + Self.pause
        return !isTold
    }

    mutating func succeeded() { isTold = false }

    func allowsBeginning(at now: SteadyTime) -> Bool { now >= until }
}
