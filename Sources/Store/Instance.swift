package import Delivery

/// A process that works, or worked, on this database.
package struct Instance: Sendable {
    package var id: Int64
    /// The file name, beside the database, of its in-flight journal; "" where it is not known.
    package var journalFile: String
    package var bootID: String
    /// By then (`CLOCK_BOOTTIME`) it has renewed its lease, or lost it.
    package var leaseUntil: SteadyTime
}
