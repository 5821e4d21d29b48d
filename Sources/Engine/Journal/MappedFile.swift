internal import CFault
internal import CLinux
internal import Glibc
internal import Service

/// A file mapped into memory, shared with whoever else maps it: what is stored there survives the
/// process, since the kernel owns the pages.
///
/// Somebody may cut the file short meanwhile, and the next touch raises SIGBUS (mmap(2)); see `fault.h`
/// for what happens then.
///
/// Not `Sendable` by nature; ``InFlightJournal`` says who may touch which byte.
final class MappedFile: JournalBytes, @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    let size: Int
    let inode: UInt64
    let isWritable: Bool
    private let file: OpenFile
    private let guardNumber: Int32

    /// Maps an open file of at least `size` bytes.
    ///
    /// - Parameters:
    ///   - isWritable: false for a file that could only be opened for reading.
    ///   - lastWords: A line for stderr, if the process can't go on without the file. Without it, a file
    ///     that was cut short reads as zeros, and ``isDamaged`` tells.
    init(
        _ file: OpenFile, size: Int, isWritable: Bool = true, lastWords: String? = nil
    ) throws(SystemError) {
        let protection = isWritable ? PROT_READ | PROT_WRITE : PROT_READ
        let mapped = mmap(nil, size, protection, MAP_SHARED, file.descriptor, 0)
        guard let mapped, mapped != MAP_FAILED else {
            throw SystemError(call: "mmap", code: errno)
        }
        guardNumber = outboxd_guard(mapped, size, lastWords)
        guard guardNumber >= 0 else {
            let failure = SystemError(call: "guard a mapped file", code: errno)
            munmap(mapped, size)
            throw failure
        }
        base = mapped
        inode = file.status.map { UInt64($0.st_ino) } ?? 0
        self.size = size
        self.isWritable = isWritable
        self.file = file
    }

    deinit {
        outboxd_unguard(guardNumber)
        munmap(base, size)
    }

    var isDamaged: Bool { outboxd_guard_is_damaged(guardNumber) != 0 }
}
