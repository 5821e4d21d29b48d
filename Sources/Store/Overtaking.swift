/// New rows that are taken in before the rest of a burst is known: see ``IngestQueue``.
///
/// Reading the ids of 100,000 rows takes a fifth of a second. An instant row of another helpdesk that comes
/// meanwhile is not to wait for it.
///
/// | an instant row comes, and its helpdesk has | |
/// |---|---|
/// | at most ``mostRows`` rows, ``mostUnread`` of them not read yet | all of those are taken, so that a conversation keeps its order; what comes for it from then on, too |
/// | more | it waits until the burst is read |
///
/// Ids and names alone, of at most ``mostIDs`` rows and ``mostHelpdesks`` helpdesks.
struct Overtaking {
    /// In `outbox`, whether or not they are sent: they are counted by an index, in less than a millisecond.
    static let mostRows = 10_000
    static let mostUnread = 200
    private static let mostIDs = 20_000
    private static let mostHelpdesks = 1_000

    /// Rows up to this id came with the burst, or have been looked at since.
    private(set) var seen: Int64
    /// Whose rows are taken, and whose are not because they are too many.
    private var helpdesks: [String: Bool] = [:]
    /// Taken, with greater ids than those that are read.
    private var taken: Set<Int64> = []
    private var hasFailed = false

    init(behind newest: Int64) { seen = newest }

    /// Nothing more is looked at: before the reading has come further, or in this burst.
    var isStopped: Bool { hasFailed || taken.count >= Self.mostIDs }

    /// True if the helpdesk's new rows overtake, false if they are too many, nil if that is not decided yet.
    func takes(_ helpdesk: String) -> Bool? {
        helpdesks[helpdesk] ?? (helpdesks.count >= Self.mostHelpdesks ? false : nil)
    }

    mutating func decide(_ helpdesk: String, takes: Bool) { helpdesks[helpdesk] = takes }

    mutating func take(_ id: Int64) { taken.insert(id) }

    /// A row can't be read like this; those behind it wait until the burst is read.
    mutating func fail() { hasFailed = true }

    mutating func saw(_ id: Int64) { seen = max(seen, id) }

    /// The reading in the order of ids has come to the row.
    /// - Returns: whether it was taken before.
    mutating func wasTaken(_ id: Int64) -> Bool { taken.remove(id) != nil }
}
