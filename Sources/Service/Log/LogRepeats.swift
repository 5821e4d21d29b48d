internal import Delivery

/// Keeps a flood of one and the same line from burying the others.
///
/// | a line of an event, within the period of its kind | |
/// |---|---|
/// | the first ten | written |
/// | the others | left out and counted; told when the period is over, with the fields of the last one |
/// | of another kind | written: whatever differs in a text that says what is wrong is a kind of its own |
/// | that is the record of a mail or row | written: it does not come here |
///
/// A value without a clock, bounded.
struct LogRepeats {
    /// What was left out.
    struct More: Equatable {
        var event: LogEvent
        var count: Int
        var fields: LogFields
    }

    private struct Kind: Hashable {
        var event: LogEvent
        var marks: [LogFields.Field]
    }

    private struct Run {
        var since: SteadyTime
        var count = 0
        var last: LogFields = [:]
    }

    static let written = 10
    static let period: Duration = .seconds(60)
    /// More kinds at a time are not told apart from new ones: they are written.
    static let mostKinds = 512
    /// What tells one trouble from another; ids and numbers don't.
    private static let marks: Set<String> = [
        "error", "stage", "code", "reason", "status", "from", "helpdesk", "file", "keys", "warning",
    ]

    private var runs: [Kind: Run] = [:]
    /// When the oldest run is over.
    private var nextEnd: SteadyTime?

    /// - Returns: whether to write it.
    mutating func admits(_ event: LogEvent, _ fields: LogFields, at now: SteadyTime) -> Bool {
        let kind = Kind(event: event, marks: fields.fields.filter { Self.marks.contains($0.name) })
        guard var run = runs[kind] else {
            guard runs.count < Self.mostKinds else { return true }
            runs[kind] = Run(since: now, count: 1)
            nextEnd = nextEnd ?? now + Self.period
            return true
        }
        run.count += 1
        let isWritten = run.count <= Self.written
        if !isWritten { run.last = fields }
        runs[kind] = run
        return isWritten
    }

    /// What was left out in periods that are over.
    /// - Parameter all: In those that are not, too.
    mutating func takeOver(at now: SteadyTime, all: Bool = false) -> [More] {
        guard all || nextEnd.map({ $0 <= now }) ?? false else { return [] }
        let over = runs.filter { all || $0.value.since + Self.period <= now }
        for kind in over.keys { runs[kind] = nil }
        nextEnd = runs.values.map { $0.since + Self.period }.min()
        return over.filter { $0.value.count > Self.written }
            .map { More(event: $0.event, count: $1.count - Self.written, fields: $1.last) }
            .sorted { $0.event.rawValue < $1.event.rawValue }
    }
}
