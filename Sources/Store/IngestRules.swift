package import Delivery

/// What ingest asks of the rules.
package struct IngestRules {
    /// Trims and lower-cases an address for comparing.
    package var normalize: (String) -> String
    /// The end of the hold of a row.
    package var dueAt: (_ createdAt: WallTime, _ isInstant: Bool) -> WallTime
    /// Moves the due time of a row that was written before the clock was set.
    package var clockSteps: [ClockStep]
    /// Why a row can't be sent at all; nil if it can.
    package var fault: (OutboxRow) -> (FailReason, String)?
    /// Whether the row, new as it is, was written too long ago.
    package var isStale: (_ createdAt: WallTime, _ notBefore: WallTime?) -> Bool
    /// A row that won't be sent, and is not to end now: nobody has chosen it.
    package var leavesAlone: (Int64) -> Bool = { _ in false }
    /// So long it is put off, unless somebody begins who looks at it.
    package static let leftAlone: Duration = .seconds(60)

    package init(
        normalize: @escaping (String) -> String,
        dueAt: @escaping (_ createdAt: WallTime, _ isInstant: Bool) -> WallTime,
        clockSteps: [ClockStep] = [],
        isStale: @escaping (_ createdAt: WallTime, _ notBefore: WallTime?) -> Bool = { _, _ in false
        },
        fault: @escaping (OutboxRow) -> (FailReason, String)?
    ) {
        self.normalize = normalize
        self.dueAt = dueAt
        self.clockSteps = clockSteps
        self.isStale = isStale
        self.fault = fault
    }

    /// The mail that the row belongs to.
    package func key(of row: OutboxRow) -> MailKey {
        MailKey(
            helpdeskID: row.helpdeskID, conversationID: row.conversationID,
            recipient: normalize(row.recipientEmail), audience: row.audience)
    }

    /// Whether the row is too old to be told of, by the clock as it is now.
    package func isStale(_ row: OutboxRow) -> Bool {
        let createdAt = clockSteps.dueAt(
            row.createdAt, ofNewRow: row.id, createdAt: row.createdAt)
        return isStale(createdAt, row.notBefore)
    }

    /// The end of the hold of a new row, by the clock as it is now; never before its `not_before`.
    package func due(_ row: OutboxRow) -> WallTime {
        var dueAt = dueAt(row.createdAt, row.isInstant)
        if !row.isInstant {
            dueAt = clockSteps.dueAt(dueAt, ofNewRow: row.id, createdAt: row.createdAt)
        }
        return row.notBefore.map { max($0, dueAt) } ?? dueAt
    }
}

/// What was ingested.
package struct Ingested: Sendable {
    package var rows: Int
    /// Rows that can't be sent, with a sentence.
    package var faulty: [(id: Int64, reason: FailReason, text: String)]
    /// Rows that ended as they were ingested.
    package var skipped: [Skip] = []
    /// The limit was reached: there may be more.
    package var hasMore: Bool
    /// Rows that could not be read; they are tried again.
    package var faults: [StatementFault] = []

    package init(
        rows: Int = 0, faulty: [(id: Int64, reason: FailReason, text: String)] = [],
        hasMore: Bool = false
    ) {
        self.rows = rows
        self.faulty = faulty
        self.hasMore = hasMore
    }
}
