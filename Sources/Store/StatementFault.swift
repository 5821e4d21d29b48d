package import Delivery

/// An SQL statement failed for one mail, row, helpdesk or suppression; everything else goes on.
package struct StatementFault: Sendable {
    package enum Subject: Sendable, Hashable {
        /// A waiting mail, by its id, and its rows.
        case mail(Int64, rows: [Int64])
        /// A row of `outbox` that could not be ingested.
        case row(Int64)
        /// The helpdesk's row in `helpdesks`: all its mail waits.
        case helpdesk(String)
        /// An address that could not be written into `suppressions`.
        case suppression(address: String)
    }
    package var subject: Subject
    /// What SQLite says, and of which statement; no values.
    package var text: String
    /// When it is tried again.
    package var retryAt: WallTime
    /// It failed for the first time in a row: worth telling.
    package var isNew: Bool

    package init(subject: Subject, text: String, retryAt: WallTime, isNew: Bool) {
        self.subject = subject
        self.text = text
        self.retryAt = retryAt
        self.isNew = isNew
    }
}
