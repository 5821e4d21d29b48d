/// The bytes of an in-flight journal: a file that is mapped into memory, or a simulator's.
///
/// What is stored there outlives the process. ``InFlightJournal`` says who may touch which byte.
protocol JournalBytes: AnyObject, Sendable {
    var base: UnsafeMutableRawPointer { get }
    var isWritable: Bool { get }
    /// What was read may be zeros that were never written.
    var isDamaged: Bool { get }
}
