/// What a file with an in-flight journal's name is, and so what may be done to it.
///
/// | | locked | read | deleted once its lock is free |
/// |---|---|---|---|
/// | journal | yes | yes | yes |
/// | damaged | yes | no: nothing in it counts | yes |
/// | abandoned | yes | no | yes |
/// | newborn | no | no | no: its process has not locked it yet |
/// | stranger | no | no | no: it is somebody else's |
package enum JournalKind: Hashable, Sendable, CaseIterable {
    /// An in-flight journal of ours, whole.
    case journal
    /// One that a process has registered, and somebody has cut short or overwritten with zeros.
    case damaged
    /// Of a process that died between making the file and writing its header.
    case abandoned
    /// Of a process that has just begun.
    case newborn
    case stranger

    package var mayLock: Bool { self == .journal || self == .damaged || self == .abandoned }
    package var mayRead: Bool { self == .journal }
    package var mayDelete: Bool { mayLock }
}
