package import Delivery

/// The number that stands beside a database, by which a restored one is noticed (``KeptEpoch``).
///
/// Several processes share it; it only grows. Used by one thread.
package protocol EpochNote: AnyObject {
    /// What stands there now.
    func look() -> NotedEpoch

    /// What stands in the one that ``write(_:)`` has opened, from memory; nil if there is none.
    ///
    /// It is raised after a commit, so whoever compares it with the database reads it first.
    var latest: Epoch? { get }

    /// Whether the one that was opened still stands under its name, whole.
    var isInPlace: Bool { get }

    /// Makes it, or raises it, and opens it; another database's is replaced. Under the database's write lock.
    ///
    /// - Returns: why it can't be written; nil if it is.
    func write(_ epoch: Epoch) -> String?

    /// After the commit that made the database's number this one: a store into memory.
    func raise(to number: Int64)
}
