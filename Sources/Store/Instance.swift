/// A process that works, or worked, on this database.
package struct Instance: Sendable {
    package var id: Int64
    /// The file name, beside the database, of its in-flight journal; "" where it is not known.
    package var journalFile: String
    package var bootID: String
    /// Within that time it has renewed its lease, or lost it; negative if it has lost it.
    package var leaseLeft: Duration
}
