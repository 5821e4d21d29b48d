internal import Delivery
internal import SQLite

/// Counts rows that nobody has taken in where they are many, because no outboxd runs: 300,000 would take a third
/// of a second. Some thousands of them, evenly spread, stand for all.
///
/// Where all are alike (every one due, none cancelled) that is exact.
extension SQLiteReader {
    /// So many at most are looked at one by one.
    static let fewNew: Int64 = 20_000
    private static let sample: Int64 = 4_000
    /// Of the oldest, each is looked at: the longest overdue is among them.
    private static let oldest: Int64 = 1_000

    /// The ids beyond the newest one taken in; nil if they are few.
    func manyNew(few: Int64 = fewNew) throws -> ClosedRange<Int64>? {
        let ends = try connection.statement(
            """
            SELECT (SELECT min(id) FROM outbox o WHERE o.id > \(Self.newestIngested)),
                (SELECT max(id) FROM outbox)
            """
        ).first { ($0.optionalInt(0), $0.optionalInt(1)) }
        guard case (let first?, let last?)? = ends, last >= first else { return nil }
        let (span, isTooLong) = last.subtractingReportingOverflow(first)
        // Ids that far apart are not given one by one.
        guard !isTooLong, span >= few, span < 1 << 40 else { return nil }
        return first...last
    }

    func countManyNew(
        _ ids: ClosedRange<Int64>, _ circumstances: Circumstances, into numbers: inout Numbers
    ) throws {
        let span = ids.upperBound - ids.lowerBound + 1
        let step = Double(span) / Double(Self.sample)
        let places = (0..<Self.sample).map { place in
            // Not at equal distances: every fiftieth row may be of the same helpdesk. (The golden ratio.)
            let shift = (Double(place) * 0.618_033_988_75).truncatingRemainder(dividingBy: 1)
            return ids.lowerBound + min(span - 1, Int64((Double(place) + shift) * step))
        }
        let first = Array(ids.lowerBound...min(ids.upperBound, ids.lowerBound + Self.oldest))
        for group in try newGroups(.these(first), circumstances) {
            numbers.noteDue(group.dueAt, now: circumstances.now)
        }
        for group in try newGroups(.these(places), circumstances) {
            var group = group
            group.rows = Int((Double(group.rows) * step).rounded())
            add(group, circumstances, into: &numbers)
        }
        numbers.isEstimate = true
    }
}
