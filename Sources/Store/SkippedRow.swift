internal import Delivery

/// A row that ends as it is ingested, in a mail that never waits.
struct SkippedRow {
    let id: Int64
    let mailID: Int64
    /// The mail's key; nil if a row before was the first of it.
    let mail: MailKey?
    /// Its helpdesk's.
    let line: Int64
    let dueAt: WallTime
    let identity: Int64
    let reason: SkipReason

    /// The mail that is to be written with the row.
    var newMail: MailTable.Finished? { mail.map { (mailID, $0, dueAt, line) } }
}
